import { Trans, useLingui } from "@lingui/react/macro";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { Failure } from "../../api/failures";
import { useSession } from "../../api/session_store";
import { CommandForm } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { Choice } from "../../components/choice";
import { TextInput, Tick } from "../../components/fields";
import { call, failureOfCall } from "./account_calls";
import type { Token } from "./tokens";

export interface NewToken {
  token: string;
  access_token: Token;
}

const DAY_MS = 86_400_000;
const LIFETIMES = ["30", "90", "365"] as const;

/** Make a token: for which organisation, what it may, and until when. */
export function TokenDialog({ onClose, onMade }: { onClose: () => void; onMade: (made: NewToken) => void }) {
  const { t } = useLingui();
  const { organisation: here = "" } = useParams({ strict: false });
  const { session } = useSession();
  const [name, setName] = useState("");
  const [organisation, setOrganisation] = useState(here);
  const [writes, setWrites] = useState(false);
  const [days, setDays] = useState<(typeof LIFETIMES)[number]>("90");
  const [failure, setFailure] = useState<Failure>();
  const [isRunning, setIsRunning] = useState(false);
  const make = async () => {
    setIsRunning(true);
    setFailure(undefined);
    try {
      const expires = new Date(Date.now() + Number(days) * DAY_MS - 60_000).toISOString();
      onMade(await call<NewToken>("/auth/tokens", "POST", { name, organisation, scopes: writes ? ["read", "write"] : ["read"], expires_at: expires }));
    } catch (error) {
      setFailure(failureOfCall(error));
    } finally {
      setIsRunning(false);
    }
  };
  return (
    <Dialog title={t`Make a token`} onClose={onClose}>
      <CommandForm act={t`Make it`} isReady={organisation !== ""} onSubmit={make} onCancel={onClose} command={{ isRunning, refusals: [], failure }} fields={[]}>
        <TextInput label={t`What is it for?`} value={name} onChange={setName} autoFocus isRequired autoComplete="off" />
        <Choice label={t`Organisation`} options={session.organisations.map(({ slug, name: one }) => ({ id: slug, name: one }))} value={organisation} onChange={setOrganisation} />
        <Choice
          label={t`Until`}
          options={[
            { id: "30", name: t`30 days from now` },
            { id: "90", name: t`90 days from now` },
            { id: "365", name: t`a year from now` },
          ]}
          value={days}
          onChange={setDays}
        />
        <Tick isSelected={writes} onChange={setWrites}>
          <Trans>It may change things, too</Trans>
        </Tick>
      </CommandForm>
    </Dialog>
  );
}
