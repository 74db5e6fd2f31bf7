import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { usePage } from "../../api/use_page";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { PageFrame } from "../../components/page_frame";
import { PAGE_SIZE, Paging } from "../../components/paging";
import { Part } from "../../components/states";
import { Tabs } from "../../components/tabs";
import { ChoiceForm } from "./choice_form";
import { NoticesPageQuery } from "./documents";
import { noticesRoute } from "./route";
import { ToldPart } from "./told_part";

export default function NoticesPage() {
  const { t } = useLingui();
  const { tab = "told", unread = false, after } = noticesRoute.useSearch();
  const navigate = useNavigate({ from: noticesRoute.fullPath });
  const asked = usePage(NoticesPageQuery, { first: PAGE_SIZE, after: after ?? null, unread, told: tab === "told", choices: tab === "choices" });
  const { data, refresh } = asked;
  const notices = data?.viewer.notices;
  const choice = data?.viewer.noticeChoice;
  const tabs = [
    {
      id: "told" as const,
      title: t`What you were told`,
      content: () => (
        <Part asked={asked} lines={6}>
          {notices && (
            <>
              <ToldPart
                notices={notices.edges.map(({ node }) => node)}
                isUnreadOnly={unread}
                unread={data?.viewer.unreadNotices ?? 0}
                onUnreadOnly={(is) => void navigate({ search: { unread: is || undefined } })}
                refresh={refresh}
              />
              <Paging page={notices.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />
            </>
          )}
        </Part>
      ),
    },
    {
      id: "choices" as const,
      title: t`How you are mailed`,
      content: () => <Part asked={asked} lines={6}>{choice && data?.noticeKinds && <ChoiceForm key={JSON.stringify(choice)} choice={choice} kinds={data.noticeKinds} refresh={refresh} />}</Part>,
    },
  ];
  return (
    <PageFrame title={t`Notices`} actions={<CopyAsGraphQL asked={asked} />}>
      <Tabs label={t`Parts of the notices`} tabs={tabs} />
    </PageFrame>
  );
}
