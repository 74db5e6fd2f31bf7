import { Trans } from "@lingui/react/macro";
import { Deadline } from "../../components/moment";
import css from "./request.module.css";
import type { Request } from "./types";

const DAY_MS = 86_400_000;
const COOLING_OFF_DAYS = 14;

/** How much of the 14 days is left, as a bar and in words. */
export function Countdown({ request, until }: { request: Request; until: string }) {
  const left = Math.max(0, (new Date(until).getTime() - Date.now()) / DAY_MS);
  const name = request.member?.displayName ?? "";
  const isWaiting = request.nextSteps.some(({ effect }) => effect === "FINDS_ARE_DECIDED");
  const isCopyOpen = request.rights.some(({ kind, endedAt }) => (kind === "ACCESS" || kind === "PORTABILITY") && endedAt === null);
  return (
    <div className={css.countdown}>
      <p>
        {isWaiting ? (
          <Trans>
            The erasure waits, because texts that may mean the person appeared after the commit. Decide on them, or the clock does on <Deadline at={until} />.
          </Trans>
        ) : (
          <Trans>
            <bdi>{name}</bdi> is erased on <Deadline at={until} />. Until then the data is kept, nothing is shared, and it can be called off.
          </Trans>
        )}{" "}
        {isCopyOpen && <Trans>It waits beyond that for the copy that was asked for with it.</Trans>}
      </p>
      <meter min={0} max={COOLING_OFF_DAYS} value={COOLING_OFF_DAYS - Math.min(left, COOLING_OFF_DAYS)} aria-hidden />
    </div>
  );
}
