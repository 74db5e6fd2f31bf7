import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { ResultOf, VariablesOf } from "../../../api/graphql";
import { useCommand } from "../../../api/use_command";
import { CommandForm, errorsAt } from "../../../components/command_form";
import { Choice } from "../../../components/choice";
import { useTell } from "../../../shell/outcomes";
import { useMay, useViewer } from "../../../shell/viewer";
import { DeclarationFacts, DeclarationWords } from "../declaration";
import { installRoute } from "../route";
import { SameAccount } from "../same_account";
import { filledIn, initialValues, refusedName, SettingsFields } from "../settings_fields";
import { InstallMutation, type InstallQuery } from "./documents";
import { GrantChoices, IncomingChoices, pairOf } from "./grant_choices";
import css from "./install.module.css";

type Available = ResultOf<typeof InstallQuery>["availableIntegrations"][number];

interface Properties {
  integration: Available;
  declaration: NonNullable<Available["declaration"]>;
  groups: readonly { id: string; name: string }[];
  /** What was read is no longer what is declared. */
  onStale: () => void;
}

const EVERYBODY = "everybody";
const MYSELF = "myself";
const STALE = "STALE_DECLARATION";

type Holder = Pick<VariablesOf<typeof InstallMutation>["input"], "holder" | "groupId" | "memberId">;

function holderOf(audience: string, me: string | undefined): Holder {
  if (audience === EVERYBODY) return { holder: "ORGANISATION" };
  return audience === MYSELF && me !== undefined ? { holder: "MEMBER", memberId: me } : { holder: "GROUP", groupId: audience };
}

export function InstallForm({ integration, declaration, groups, onStale }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const navigate = useNavigate();
  const { organisation } = installRoute.useParams();
  const command = useCommand(InstallMutation);
  const [allowed, setAllowed] = useState<ReadonlySet<string>>(new Set());
  const managesAll = useMay("INTEGRATIONS_MANAGE");
  const me = useViewer()?.member?.id;
  const [audience, setAudience] = useState(managesAll ? EVERYBODY : MYSELF);
  const [acceptsSameAccount, setAcceptsSameAccount] = useState(false);
  const [values, setValues] = useState(() => initialValues(integration.settings));
  const { key, name, settings } = integration;
  const isStale = command.refusals.some(({ code }) => code === STALE);
  useEffect(() => {
    if (isStale) onStale();
  }, [isStale, onStale]);
  const connect = async () => {
    const done = await command.run({
      input: {
        integration: key,
        declarationDigest: declaration.digest,
        settings: filledIn(settings, values),
        grants: [...declaration.receives, ...declaration.provides]
          .filter((one) => allowed.has(pairOf(one)))
          .map(({ category, purpose }) => ({ category, purpose })),
        acceptsSameAccount,
        ...holderOf(audience, me),
      },
    });
    if (!done?.installation) return;
    tell({
      text: (
        <Trans>
          <bdi>{name}</bdi> is connected. It is being checked; then what you allowed is sent.
        </Trans>
      ),
    });
    void navigate({ to: "/o/$organisation/integrations/$id", params: { organisation, id: done.installation.id } });
  };
  return (
    <div className={css.form}>
      <CommandForm act={<Trans>Accept and connect <bdi>{name}</bdi></Trans>} onSubmit={connect} command={command} fields={["groupId", ...settings.map((field) => refusedName(field.name))]}>
        <section>
          <h2>
            <Trans>1. Whom the data goes to</Trans>
          </h2>
          <DeclarationFacts declaration={declaration} isAboveForm />
          <DeclarationWords declaration={declaration} />
        </section>
        <section>
          <h2>
            <Trans>2. What it may get</Trans>
          </h2>
          <p>
            <Trans>Only what you tick is sent. You can allow more, or take it back, at any time.</Trans>
          </p>
          <GrantChoices receives={declaration.receives} allowed={allowed} onChange={setAllowed} />
          {declaration.provides.length > 0 && (
            <>
              <h3>
                <Trans>What it may send here</Trans>
              </h3>
              <p>
                <Trans>It is kept apart from people’s profiles, with its source, and goes when you take it back.</Trans>
              </p>
              <IncomingChoices provides={declaration.provides} allowed={allowed} onChange={setAllowed} />
            </>
          )}
        </section>
        <section>
          <h2>
            <Trans>3. Of whom</Trans>
          </h2>
          {managesAll ? (
            <Choice
              label={t`Whose data`}
              hint={<Trans>People who object, or who must consent and have not, are left out by themselves.</Trans>}
              options={[
                { id: EVERYBODY, name: t`Everybody in the organisation` },
                ...groups.map((group) => ({ id: group.id, name: t`The group ${group.name}` })),
                ...(me ? [{ id: MYSELF, name: t`My own data alone` }] : []),
              ]}
              value={audience}
              onChange={setAudience}
              errors={errorsAt(command.refusals, "groupId")}
            />
          ) : (
            <p>
              <Trans>Your own data alone. You can take it back at any time.</Trans>
            </p>
          )}
        </section>
        {settings.length > 0 && (
          <section>
            <h2>
              <Trans>4. Where it is</Trans>
            </h2>
            <SettingsFields
              fields={settings}
              values={values}
              refusals={command.refusals}
              onChange={(field, value) => {
                setValues((now) => ({ ...now, [field]: value }));
                setAcceptsSameAccount(false);
                command.clear();
              }}
            />
          </section>
        )}
        <SameAccount refusals={command.refusals} isAccepted={acceptsSameAccount} onChange={setAcceptsSameAccount} />
        {allowed.size === 0 && (
          <p>
            <Trans>You have ticked nothing: it would be connected and checked, and get nothing yet.</Trans>
          </p>
        )}
      </CommandForm>
    </div>
  );
}
