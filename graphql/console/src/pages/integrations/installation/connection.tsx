import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../../api/use_command";
import { ActFailures } from "../../../components/act_failures";
import { Badge } from "../../../components/badge";
import { Button, Buttons } from "../../../components/button";
import { Moment } from "../../../components/moment";
import { useManages } from "../authority";
import { AUTHORISATION_NAMES, AUTHORISATION_TONES } from "./authorisation_words";
import { DisconnectDialog } from "./disconnect_dialog";
import { ConnectMutation } from "./documents";
import type { Installation } from "./installation_page";
import css from "./installation.module.css";

interface Properties {
  installation: Installation;
  authorisation: NonNullable<Installation["authorisation"]>;
  onDone: () => void;
}

/** Whether somebody has let this deployment in at the third party, and the ways to change that. */
export function Connection({ installation, authorisation: { state, since }, onDone }: Properties) {
  const { i18n } = useLingui();
  const [isEnding, setIsEnding] = useState(false);
  const command = useCommand(ConnectMutation);
  const mayChange = useManages()(installation) && installation.state !== "REMOVED" && state !== "ENDING";
  const isLeaving = installation.state === "REVOKING" || installation.state === "REVOCATION_OVERDUE";
  const isConnected = state === "CONNECTED";
  const connect = async () => {
    const address = (await command.run({ input: { installationId: installation.id } }))?.address;
    if (address) location.assign(address);
  };
  return (
    <section className={css.panel}>
      <h2>
        <Trans>Connection to the third party</Trans>
      </h2>
      <p>
        <Badge tone={AUTHORISATION_TONES[state]}>{i18n._(AUTHORISATION_NAMES[state])}</Badge>{" "}
        {since && (
          <Trans>
            since <Moment at={since} />
          </Trans>
        )}
      </p>
      <p>
        {isConnected ? (
          <Trans>It is let in by an account there, and renews that by itself.</Trans>
        ) : state === "ENDING" ? (
          <Trans>The access is being ended there, and that is looked at. Then it can be connected again.</Trans>
        ) : (
          <Trans>Nothing is sent before somebody signs in there, and lets this deployment in. You come back to this page.</Trans>
        )}
      </p>
      <ActFailures commands={[command]} />
      {mayChange && (
        <Buttons>
          <Button kind={isConnected ? "plain" : "main"} onPress={() => void connect()}>
            {isConnected || state === "EXPIRED" ? <Trans>Connect again</Trans> : <Trans>Connect</Trans>}
          </Button>
          {(isConnected || state === "EXPIRED") && !isLeaving && (
            <Button onPress={() => setIsEnding(true)}>
              <Trans>Disconnect …</Trans>
            </Button>
          )}
        </Buttons>
      )}
      {isEnding && <DisconnectDialog installation={installation} onDone={onDone} onClose={() => setIsEnding(false)} />}
    </section>
  );
}
