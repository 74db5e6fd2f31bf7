import { Trans, useLingui } from "@lingui/react/macro";
import type { ResultOf } from "../../api/graphql";
import { useCommand } from "../../api/use_command";
import { ActFailures } from "../../components/act_failures";
import { Button, Buttons } from "../../components/button";
import { Tick } from "../../components/fields";
import { Empty } from "../../components/states";
import { useTell } from "../../shell/outcomes";
import { type NoticesPageQuery, ReadNoticesMutation } from "./documents";
import { NoticeRow } from "./notice_row";
import css from "./notices.module.css";

export type Notice = NonNullable<ResultOf<typeof NoticesPageQuery>["viewer"]["notices"]>["edges"][number]["node"];

interface Properties {
  notices: Notice[];
  unread: number;
  isUnreadOnly: boolean;
  onUnreadOnly: (is: boolean) => void;
  refresh: () => void;
}

/** What one was told, the latest first. */
export function ToldPart({ notices, unread, isUnreadOnly, onUnreadOnly, refresh }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const marking = useCommand(ReadNoticesMutation);
  const mark = async (noticeIds: string[] | null) => {
    if (!(await marking.run({ input: { noticeIds } }))) return;
    if (!noticeIds) tell({ text: t`All notices are marked as read.` });
    refresh();
  };
  return (
    <>
      <div className={css.head}>
        <Tick isSelected={isUnreadOnly} onChange={onUnreadOnly}>
          <Trans>Only unread ones</Trans>
        </Tick>
        {unread > 0 && (
          <Buttons>
            <Button isPending={marking.isRunning} onPress={() => void mark(null)}>
              <Trans>Mark all as read</Trans>
            </Button>
          </Buttons>
        )}
      </div>
      <ActFailures commands={[marking]} />
      {notices.length === 0 ? (
        <Empty>
          {isUnreadOnly ? <Trans>You have read everything.</Trans> : <Trans>You were told nothing yet. Deadlines, requests and what concerns your account appear here.</Trans>}
        </Empty>
      ) : (
        <ul className={css.list}>
          {notices.map((notice) => (
            <NoticeRow key={notice.id} notice={notice} onRead={() => void mark([notice.id])} />
          ))}
        </ul>
      )}
    </>
  );
}
