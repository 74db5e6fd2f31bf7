import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { renewSession, useSession } from "../api/session_store";
import { answerSecondStep } from "../api/step_up_store";
import { Button, Buttons } from "../components/button";
import { Dialog } from "../components/dialog";
import { TextInput } from "../components/fields";
import { canShowPasskeys, showPasskey } from "../sign_in/passkeys";
import { post, type Session } from "../sign_in/session";

/** The second step, asked in place: what waits for it goes on with what was typed. */
export function StepUp() {
  const { t } = useLingui();
  const { session } = useSession();
  const [failure, setFailure] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [code, setCode] = useState("");
  const show = async (act: (current: Session) => Promise<unknown>) => {
    setIsBusy(true);
    setFailure("");
    try {
      await act(await renewSession());
      await renewSession();
      answerSecondStep(true);
    } catch (error) {
      setFailure((error as Error).message);
      setCode("");
    } finally {
      setIsBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void show((current) => post("/auth/step-up", { code }, current));
  };
  return (
    <Dialog title={t`Show that it is you`} onClose={() => answerSecondStep(false)}>
      <form onSubmit={submit}>
        <p>
          <Trans>This act needs your second step. It stays unlocked for ten minutes.</Trans>
        </p>
        <TextInput
          label={t`Code from your authenticator, or a recovery code`}
          value={code}
          onChange={setCode}
          autoComplete="one-time-code"
          errors={failure ? [failure] : []}
          autoFocus
          isRequired
        />
        <Buttons>
          <Button type="submit" kind="main" isPending={isBusy}>
            <Trans>Unlock</Trans>
          </Button>
          {session.has_passkey && canShowPasskeys() && (
            <Button isDisabled={isBusy} onPress={() => void show((current) => showStepUpPasskey(current))}>
              <Trans>Use a passkey</Trans>
            </Button>
          )}
          <Button kind="quiet" onPress={() => answerSecondStep(false)}>
            <Trans>Cancel</Trans>
          </Button>
        </Buttons>
      </form>
    </Dialog>
  );
}

/** The options are those of a second step; what is proven with them is checked as a step-up. */
function showStepUpPasskey(session: Session): Promise<unknown> {
  return showPasskey("/auth/step-up/passkey", session, "/auth/second-step/passkey/options");
}
