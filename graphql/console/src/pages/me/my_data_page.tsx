import { msg } from "@lingui/core/macro";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useNavigate, useParams } from "@tanstack/react-router";
import { usePage } from "../../api/use_page";
import { LinkButton } from "../../components/link_button";
import { opened } from "../../components/opened";
import { PageFrame } from "../../components/page_frame";
import { Part } from "../../components/states";
import { Tabs } from "../../components/tabs";
import { useKey } from "../../shell/keys";
import { MyDataQuery } from "./documents";
import { Held } from "./held";
import { Looks } from "./looks";
import { Recipients } from "./recipients";

const Content = opened(() => import("./content"), "Content");

export default function MyDataPage() {
  const { t } = useLingui();
  const { organisation = "" } = useParams({ strict: false });
  const navigate = useNavigate();
  const asked = usePage(MyDataQuery, {});
  const name = asked.data?.organisation.name ?? organisation;
  const holders = asked.data?.myRecipients.edges.filter(({ node }) => node.holding).length;
  const toAsking = `/o/${encodeURIComponent(organisation)}/me/ask`;
  const toReceivers = () => void navigate({ to: `/o/${encodeURIComponent(organisation)}/me?data=email` });
  useKey("e", msg`Who received my e-mail address?`, toReceivers, holders !== undefined);
  useKey("q", msg`Ask for a copy, a correction or more`, () => void navigate({ to: toAsking }));
  return (
    <PageFrame
      title={t`My data`}
      about={
        holders === undefined ? (
          <Trans>What is held on you, who received it, and who looked at it.</Trans>
        ) : (
          <Plural
            value={holders}
            _0={<Trans>Nobody but <bdi>{name}</bdi> holds data of you here.</Trans>}
            one={<Trans>Besides <bdi>{name}</bdi>, # service holds data of you.</Trans>}
            other={<Trans>Besides <bdi>{name}</bdi>, # services hold data of you.</Trans>}
          />
        )
      }
      actions={
        <LinkButton kind="main" to={toAsking}>
          <Trans>Ask for a copy or more</Trans>
        </LinkButton>
      }
    >
      <Tabs
        label={t`My data`}
        tabs={[
          {
            id: "recipients",
            title: t`Who has it`,
            content: () => (
              <Part asked={asked} lines={8}>
                {asked.data && <Recipients mine={asked.data} refresh={asked.refresh} />}
              </Part>
            ),
          },
          { id: "held", title: t`What is held`, content: () => <Held /> },
          { id: "looks", title: t`Who looked`, content: () => <Looks /> },
          { id: "content", title: t`Texts and files`, content: () => <Content /> },
        ]}
      />
    </PageFrame>
  );
}
