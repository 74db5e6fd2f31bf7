import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { usePage } from "../../api/use_page";
import { Button } from "../../components/button";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { opened } from "../../components/opened";
import { PageFrame } from "../../components/page_frame";
import { Empty, Part } from "../../components/states";
import { useMay } from "../../shell/viewer";
import { AddressesPart } from "./addresses_part";
import { ChoicesPart } from "./choices_part";
import { ProviderQuery } from "./documents";
import { providerRoute } from "./route";
import { StepsPart } from "./steps_part";
import { TurnOff } from "./turn_off";

const ChangeDialog = opened(() => import("./change_dialog"), "ChangeDialog");

export default function ProviderPage() {
  const { t } = useLingui();
  const { id } = providerRoute.useParams();
  const [isChanging, setIsChanging] = useState(false);
  const mayManage = useMay("SINGLE_SIGN_ON_MANAGE");
  const asked = usePage(ProviderQuery, { id });
  const provider = asked.data?.identityProvider;
  const isOpen = provider && provider.state !== "OFF";
  return (
    <PageFrame
      title={provider?.name ?? t`Provider of sign-in`}
      name={provider?.name}
      actions={
        <>
          <CopyAsGraphQL asked={asked} />
          {isOpen && mayManage && (
            <>
              <Button onPress={() => setIsChanging(true)}>
                <Trans>Change</Trans>
              </Button>
              <TurnOff provider={provider} refresh={asked.refresh} />
            </>
          )}
        </>
      }
    >
      <Part asked={asked} lines={12}>
        {provider ? (
          <>
            <StepsPart provider={provider} mayManage={mayManage} refresh={asked.refresh} />
            {isOpen && <AddressesPart provider={provider} />}
            <ChoicesPart provider={provider} />
          </>
        ) : (
          <Empty>
            <Trans>There is no such provider of sign-in, or it is not yours to see.</Trans>
          </Empty>
        )}
      </Part>
      {isChanging && provider && <ChangeDialog provider={provider} onClose={() => setIsChanging(false)} onDone={asked.refresh} />}
    </PageFrame>
  );
}
