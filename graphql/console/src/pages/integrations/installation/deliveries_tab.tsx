import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useManages } from "../authority";
import { DeliveryList } from "../deliveries/delivery_list";
import { installationRoute } from "../route";
import type { Installation } from "./installation_page";

/** The deliveries of one installation, which who manages it may have tried again. */
export function DeliveriesTab({ installation, onDone }: { installation: Installation; onDone: () => void }) {
  const { t } = useLingui();
  const { state, after } = installationRoute.useSearch();
  const navigate = useNavigate({ from: installationRoute.fullPath });
  const mayManage = useManages()(installation);
  if (!installation.deliveries) return null;
  return (
    <DeliveryList
      label={t`Deliveries to ${installation.name}`}
      list={installation.deliveries}
      mayRetry={mayManage}
      empty={<Trans>Nothing was tried yet. Each call of the third party will stand here, with how it ended.</Trans>}
      state={state}
      onState={(chosen) => void navigate({ search: ({ tab }) => ({ tab, state: chosen }) })}
      after={after}
      onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })}
      onDone={onDone}
    />
  );
}
