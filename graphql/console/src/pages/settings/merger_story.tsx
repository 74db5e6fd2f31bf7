import { Trans, useLingui } from "@lingui/react/macro";
import { Deadline } from "../../components/moment";
import { type Merger, WAITS_FOR } from "./words";

/** What happens next, and when. */
export function MergerStory({ merger }: { merger: Merger }) {
  const { i18n } = useLingui();
  const { state, stateUntil, waitsFor } = merger;
  const waits = waitsFor ? WAITS_FOR[waitsFor] : undefined;
  return (
    <>
      {state === "OFFERED" && stateUntil && (
        <p>
          <Trans>
            If the other owner does not answer by <Deadline at={stateUntil} />, the offer ends and nothing changes.
          </Trans>
        </p>
      )}
      {state === "ANNOUNCED" && stateUntil && (
        <p>
          <Trans>
            It happens on <Deadline at={stateUntil} />, unless either owner calls it off before. Everybody was told, and can take a copy, ask for an erasure, or leave until then.
          </Trans>
        </p>
      )}
      {waits && <p>{i18n._(waits)}</p>}
    </>
  );
}
