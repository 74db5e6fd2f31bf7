import { Trans } from "@lingui/react/macro";

/** A number of what an act would do, and what it was when a person last looked: shown where that is not the same. */
export function Figure({ now, was }: { now: string; was: string | undefined }) {
  if (was === undefined || was === now) return now;
  return (
    <Trans>
      {now} instead of {was}
    </Trans>
  );
}
