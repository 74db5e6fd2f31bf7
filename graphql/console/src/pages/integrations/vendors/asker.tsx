import { Trans } from "@lingui/react/macro";

/** Whose it is: the account that asked for it. */
export function Asker({ vendor }: { vendor: { address: string; displayName: string } | null }) {
  if (!vendor) return <Trans>an account that is no vendor’s any more</Trans>;
  return (
    <>
      <bdi>{vendor.displayName}</bdi> <bdi data-of-server>{vendor.address}</bdi>
    </>
  );
}
