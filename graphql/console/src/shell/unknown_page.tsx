import { Trans, useLingui } from "@lingui/react/macro";
import { PageFrame } from "../components/page_frame";
import { Arrived } from "./lazy_page";

/** What an address leads to that is nothing, or nothing for this person: one answer for both. */
export function UnknownPage() {
  const { t } = useLingui();
  return (
    <PageFrame title={t`There is no such page`}>
      <p>
        <Trans>Look whether the address is complete. The page may also be another organisation's, or not yours to see.</Trans>
      </p>
      <Arrived />
    </PageFrame>
  );
}
