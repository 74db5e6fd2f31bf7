import { Trans, useLingui } from "@lingui/react/macro";
import { useParams } from "@tanstack/react-router";
import { useSession } from "../../api/session_store";
import { usePage } from "../../api/use_page";
import { opened } from "../../components/opened";
import { PageFrame } from "../../components/page_frame";
import { Part } from "../../components/states";
import { Tabs } from "../../components/tabs";
import { ChoicesQuery } from "./documents";
import { Uses } from "./uses";

const Groups = opened(() => import("./groups"), "Groups");
const Mail = opened(() => import("./mail"), "Mail");
const Leaving = opened(() => import("./leaving"), "Leaving");

export default function ChoicesPage() {
  const { t } = useLingui();
  const { organisation } = useParams({ strict: false });
  // Who belongs to no organisation has an account alone: the provider passes it on to nobody.
  const isMember = useSession().session.provider !== organisation;
  const asked = usePage(ChoicesQuery, { isMember });
  const { myRecipients, myConsents, myObjections } = asked.data ?? {};
  const uses = {
    id: "uses" as const,
    title: t`Uses of my data`,
    content: () => (
      <Part asked={asked} lines={6}>
        {myRecipients && myConsents && myObjections && <Uses mine={{ myRecipients, myConsents, myObjections }} refresh={asked.refresh} />}
      </Part>
    ),
  };
  return (
    <PageFrame title={t`Choices`} about={<Trans>What you decide alone: it takes effect at once, and you need not say why.</Trans>}>
      <Tabs
        label={t`Choices`}
        tabs={[
          ...(isMember ? [uses] : []),
          { id: "mail", title: t`Mail`, content: () => <Mail /> },
          ...(isMember ? [{ id: "groups" as const, title: t`Groups`, content: () => <Groups /> }] : []),
          { id: "leaving", title: t`Account and leaving`, content: () => <Leaving /> },
        ]}
      />
    </PageFrame>
  );
}
