import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import type { ResultOf } from "../../../api/graphql";
import { DeliveryList } from "../deliveries/delivery_list";
import { developersRoute } from "../route";
import type { DevelopersQuery } from "./documents";

interface Properties {
  list: NonNullable<ResultOf<typeof DevelopersQuery>["vendorDeliveries"]>;
  refresh: () => void;
  after: string | undefined;
  onGo: (after: string | undefined) => void;
}

/** The deliveries to the vendor's own integrations, wherever they are installed. */
export function DeliveriesPart({ list, refresh, ...paging }: Properties) {
  const { t } = useLingui();
  const { state } = developersRoute.useSearch();
  const navigate = useNavigate({ from: developersRoute.fullPath });
  return (
    <DeliveryList
      label={t`Deliveries to your integrations`}
      list={list}
      ofVendor
      empty={<Trans>Each call of your integrations stands here, with how it ended. They are yours once the provider has let a program of yours in for them, or your own server.</Trans>}
      state={state}
      onState={(chosen) => void navigate({ search: ({ tab }) => ({ tab, state: chosen }) })}
      onDone={refresh}
      {...paging}
    />
  );
}
