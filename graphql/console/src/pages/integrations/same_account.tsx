/** Two installations with one account at the vendor: refused, until somebody says that this is wanted. */

import { Trans } from "@lingui/react/macro";
import type { Refused } from "../../api/failures";
import { Tick } from "../../components/fields";

export const SAME_ACCOUNT = "SAME_VENDOR_ACCOUNT";

interface Properties {
  refusals: readonly Refused[];
  isAccepted: boolean;
  onChange: (is: boolean) => void;
}

/** Asked only once it was refused. */
export function SameAccount({ refusals, isAccepted, onChange }: Properties) {
  if (!isAccepted && !refusals.some(({ code }) => code === SAME_ACCOUNT)) return null;
  return (
    <Tick isSelected={isAccepted} onChange={onChange}>
      <Trans>Use the same account at the third party nevertheless</Trans>
    </Tick>
  );
}
