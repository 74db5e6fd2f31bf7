import { Trans, useLingui } from "@lingui/react/macro";
import { useParams } from "@tanstack/react-router";
import type { ResultOf } from "../../api/graphql";
import { ActFailures } from "../../components/act_failures";
import { Badge } from "../../components/badge";
import { Button } from "../../components/button";
import { Section } from "../../components/section";
import { Empty } from "../../components/states";
import { LinkButton } from "../../components/link_button";
import { useFormats } from "../../language/formats";
import { useViewer } from "../../shell/viewer";
import { fieldName } from "../../words/data_fields";
import { categoryName, purposeName } from "../../words/taxonomy";
import { useChoices } from "../../components/choosing/use_choices";
import css from "./choices.module.css";
import type { ChoicesQuery } from "./documents";
import { Objections } from "./objections";
import { type Offer, offersOf } from "./offers";

type Answer = ResultOf<typeof ChoicesQuery>;
export type Mine = { [Name in "myRecipients" | "myConsents" | "myObjections"]: NonNullable<Answer[Name]> };

/** Consents that are asked for, given or not; then objections. */
export function Uses({ mine, refresh }: { mine: Mine; refresh: () => void }) {
  const { t } = useLingui();
  const choices = useChoices(refresh);
  const { organisation = "" } = useParams({ strict: false });
  const offers = offersOf(mine);
  return (
    <>
      <ActFailures commands={choices.commands} />
      <Section title={t`Uses that need your consent`} about={<Trans>Without it nothing is sent for them. You can give it and take it back at any time.</Trans>}>
        {offers.length === 0 ? (
          <Empty
            act={
              <LinkButton to={`/o/${encodeURIComponent(organisation)}/me`}>
                <Trans>See who has my data</Trans>
              </LinkButton>
            }
          >
            <Trans>No use of your data needs your consent now.</Trans>
          </Empty>
        ) : (
          <ul className={css.list}>
            {offers.map((offer) => (
              <OfferRow key={offer.key} offer={offer} choices={choices} />
            ))}
          </ul>
        )}
      </Section>
      <Objections mine={mine} choices={choices} />
    </>
  );
}

function OfferRow({ offer, choices }: { offer: Offer; choices: ReturnType<typeof useChoices> }) {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  const viewer = useViewer();
  const purpose = purposeName(i18n, offer.purpose);
  const data = offer.fields.length ? formats.list(offer.fields.map((name) => fieldName(i18n, name))) : categoryName(i18n, offer.category);
  const { integration } = offer;
  return (
    <li className={css.row}>
      <div>
        <p>
          <Trans>
            <bdi>{integration}</bdi>, in order to {purpose}
          </Trans>{" "}
          {offer.consent ? <Badge tone="good">{t`you agreed`}</Badge> : <Badge>{t`you did not agree`}</Badge>}
        </p>
        <p className={css.hint}>
          <Trans>with: {data}</Trans>
        </p>
      </div>
      {offer.consent ? (
        <Button
          isDisabled={choices.isRunning}
          aria-label={t`Withdraw the consent for ${integration} to ${purpose}`}
          onPress={() => void choices.withdraw(offer.consent!, offer.consent!.recipient ? null : offer.installationId)}
        >
          <Trans>Withdraw</Trans>
        </Button>
      ) : (
        viewer?.permissions.length !== 0 && (
          <Button
            isDisabled={choices.isRunning}
            aria-label={t`Agree, for ${integration} to ${purpose}`}
            onPress={() => void choices.give(offer)}
          >
            <Trans>Agree</Trans>
          </Button>
        )
      )}
    </li>
  );
}
