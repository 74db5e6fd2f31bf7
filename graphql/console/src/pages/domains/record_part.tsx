import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../api/use_command";
import { ActFailures } from "../../components/act_failures";
import { Button, Buttons } from "../../components/button";
import { CopyText } from "../../components/copy_text";
import { RenewClaimMutation } from "./documents";
import { recordOf, rememberRecord } from "./issued_records";
import { useLook } from "./use_look";
import type { DomainDetails } from "./words";

interface Properties {
  domain: DomainDetails;
  mayManage: boolean;
  refresh: () => void;
}

/** The record to place, with its value while this tab knows it; have it looked for; have another issued. */
export function RecordPart({ domain, mayManage, refresh }: Properties) {
  const { t } = useLingui();
  const renewal = useCommand(RenewClaimMutation);
  const look = useLook(domain.id, refresh);
  const record = recordOf(domain.id);
  const renew = async () => {
    const done = await renewal.run({ input: { domainId: domain.id } });
    if (done?.record) rememberRecord(domain.id, done.record);
    refresh();
  };
  return (
    <>
      <h3>
        <Trans>The record in the DNS</Trans>
      </h3>
      <p>
        <Trans>
          Its type is <bdi>TXT</bdi>. Most DNS hosts add the domain by themselves: leave it out of the name there.
        </Trans>
      </p>
      <CopyText label={t`Name`} text={domain.recordName} />
      {record ? (
        <>
          <CopyText label={t`Value`} text={record.value} />
          <p>
            <Trans>Copy the value now: it is shown until you close or reload this tab, and never again. Place no record that names another organisation than yours.</Trans>
          </p>
        </>
      ) : (
        <p>
          <Trans>Its value was shown when it was issued. If it is lost, or the record has to be a new one, have another issued: the earlier one then counts no more.</Trans>
        </p>
      )}
      {mayManage && (
        <Buttons>
          <Button kind={domain.state === "VERIFIED" ? "plain" : "main"} isPending={look.isRunning} onPress={() => void look.run()}>
            <Trans>Look for the record now</Trans>
          </Button>
          <Button isPending={renewal.isRunning} onPress={() => void renew()}>
            <Trans>Issue a new record</Trans>
          </Button>
        </Buttons>
      )}
      <ActFailures commands={[look, renewal]} />
    </>
  );
}
