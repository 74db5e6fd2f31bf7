import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { Failure } from "../../api/failures";
import { Badge } from "../../components/badge";
import { Button } from "../../components/button";
import { Day, Moment } from "../../components/moment";
import { Section } from "../../components/section";
import { Part, Reason } from "../../components/states";
import { useTell } from "../../shell/outcomes";
import { call, failureOfCall, useCall } from "./account_calls";
import css from "./security.module.css";

interface Device {
  id: string;
  last_seen_at: string;
  expires_at: string;
  user_agent: string;
  network: string;
  is_current: boolean;
}

/** Where the account is signed in. */
export function Devices() {
  const { t } = useLingui();
  const tell = useTell();
  const asked = useCall<Device[]>("/auth/sessions");
  const [failure, setFailure] = useState<Failure>();
  const end = async (path: string, text: string) => {
    setFailure(undefined);
    try {
      await call(path, "DELETE");
      tell({ text });
      asked.refresh();
    } catch (error) {
      setFailure(failureOfCall(error));
    }
  };
  return (
    <Section
      title={t`Devices`}
      about={<Trans>Where you are signed in. What you don't know, sign out, and change your password.</Trans>}
      actions={
        (asked.data?.length ?? 0) > 1 && (
          <Button onPress={() => void end("/auth/sessions", t`All other devices are signed out.`)}>
            <Trans>Sign out all others</Trans>
          </Button>
        )
      }
    >
      {failure && <Reason failure={failure} isAct />}
      <Part asked={asked} lines={3}>
        <ul className={css.list}>
          {asked.data?.map((device) => (
            <li key={device.id} className={css.row}>
              <span>
                <bdi>{device.user_agent || t`A browser that does not say what it is`}</bdi> {device.is_current && <Badge tone="good">{t`this one`}</Badge>}
                <span className={css.line}>
                  <bdi>{device.network}</bdi>
                  {" · "}
                  <Trans>
                    used <Moment at={device.last_seen_at} />, until <Day at={device.expires_at} />
                  </Trans>
                </span>
              </span>
              {!device.is_current && (
                <Button onPress={() => void end(`/auth/sessions/${device.id}`, t`The device is signed out.`)} aria-label={t`Sign out ${device.user_agent}`}>
                  <Trans>Sign out</Trans>
                </Button>
              )}
            </li>
          ))}
        </ul>
      </Part>
    </Section>
  );
}
