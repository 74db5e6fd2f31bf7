import { Trans, useLingui } from "@lingui/react/macro";
import { signedInAgain, useSession } from "../api/session_store";
import { Dialog } from "../components/dialog";
import { SignIn } from "../sign_in/sign_in";

/** The session is over: sign in here, and what was typed is still there. */
export function SignInAgain() {
  const { t } = useLingui();
  const { session } = useSession();
  return (
    <Dialog title={t`Sign in again`}>
      <p>
        <Trans>Your session is over. What you typed is still there: sign in, and go on.</Trans>
      </p>
      <SignIn session={{ ...session, account: null, stage: null }} onDone={signedInAgain} />
    </Dialog>
  );
}
