import { Trans, useLingui } from "@lingui/react/macro";
import { Download } from "lucide-react";
import { useState } from "react";
import { askSecondStep } from "../../api/step_up_store";
import { Badge } from "../../components/badge";
import { Button } from "../../components/button";
import { Deadline } from "../../components/moment";
import { Section } from "../../components/section";
import css from "./my_requests.module.css";
import type { OwnRequest } from "./my_request_page";
import { saveFile } from "../../components/saving";

/** The copies that were made: each until it is destroyed. */
export function Copies({ request }: { request: OwnRequest }) {
  const { t } = useLingui();
  const [failure, setFailure] = useState("");
  const [running, setRunning] = useState("");
  const copies = request.exports.filter(({ destroyedAt }) => destroyedAt === null);
  if (copies.length === 0) return null;
  const download = async (path: string, name: string) => {
    setRunning(path);
    setFailure("");
    try {
      await fetchCopy(path, name);
    } catch (error) {
      setFailure(error instanceof Refused ? error.message : t`The server could not be reached. Try again.`);
    } finally {
      setRunning("");
    }
  };
  return (
    <Section title={t`Your copy`} about={<Trans>It is encrypted until you fetch it, and destroyed after seven days. Your second step is asked for.</Trans>}>
      <ul className={css.list}>
        {copies.map(({ path, name, isComplete, expiresAt }) => (
          <li key={path} className={css.row}>
            <span>
              <bdi>{name}</bdi>{" "}
              {isComplete ? (
                <Badge tone="good">
                  <Trans>complete</Trans>
                </Badge>
              ) : (
                <Badge tone="info">
                  <Trans>first part; a second with what others hold follows</Trans>
                </Badge>
              )}{" "}
              <Trans>
                there until <Deadline at={expiresAt} />
              </Trans>
            </span>
            <Button kind="main" isPending={running === path} onPress={() => void download(path, name)}>
              <Download aria-hidden />
              <Trans>Download</Trans>
            </Button>
          </li>
        ))}
      </ul>
      <div role="alert">{failure && <p>{failure}</p>}</div>
    </Section>
  );
}

/** The server said no, in words that are fit to be shown. */
class Refused extends Error {}

const FORBIDDEN = 403;

/** Fetch a copy; where the second step is wanted, it is asked for in place, and the same is fetched again, once. */
async function fetchCopy(path: string, name: string) {
  let response = await fetch(path);
  if (response.status === FORBIDDEN && (await askSecondStep())) response = await fetch(path);
  if (!response.ok) {
    const { detail } = (await response.json().catch(() => ({}))) as { detail?: string };
    throw new Refused(detail ?? `HTTP ${response.status}`);
  }
  saveFile(await response.blob(), name);
}
