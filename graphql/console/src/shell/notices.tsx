import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Dialog as AriaDialog, Heading, Popover } from "react-aria-components";
import type { ResultOf } from "../api/graphql";
import { useCommand } from "../api/use_command";
import { usePart } from "../api/use_page";
import { Button } from "../components/button";
import type { OpenAt } from "../components/menu_button";
import menu from "../components/menu.module.css";
import { Moment } from "../components/moment";
import { Part } from "../components/states";
import css from "./notices.module.css";
import { MarkNoticesReadMutation, NoticesQuery } from "./documents";
import { addressOfNotice } from "./pages";

type Notice = ResultOf<typeof NoticesQuery>["viewer"]["notices"]["edges"][number]["node"];

/** What one was told, the latest first. */
export function Notices({ trigger, onClose }: OpenAt) {
  return (
    <Popover isOpen triggerRef={trigger} onOpenChange={(isOpen) => !isOpen && onClose()} className={menu.popover!} placement="bottom end">
      <Told onClose={onClose} />
    </Popover>
  );
}

function Told({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const asked = usePart(NoticesQuery, {});
  const marking = useCommand(MarkNoticesReadMutation);
  const notices = asked.data?.viewer.notices.edges.map(({ node }) => node) ?? [];
  const markAll = async () => {
    if (await marking.run({ input: {} })) asked.refresh();
  };
  return (
    <AriaDialog className={css.notices!} aria-label={t`Notices`}>
      <div className={css.head}>
        <Heading slot="title" level={2}>
          <Trans>Notices</Trans>
        </Heading>
        {(asked.data?.viewer.unreadNotices ?? 0) > 0 && (
          <Button kind="quiet" isPending={marking.isRunning} onPress={() => void markAll()}>
            <Trans>Mark all as read</Trans>
          </Button>
        )}
      </div>
      <Part asked={asked} lines={4}>
        {notices.length === 0 ? (
          <p className={css.none}>
            <Trans>You were told nothing yet. Deadlines, requests and what concerns your account appear here.</Trans>
          </p>
        ) : (
          <ul className={css.list}>
            {notices.map((notice) => (
              <li key={notice.id} data-unread={notice.readAt === null || undefined}>
                <NoticeLink notice={notice} onPress={onClose} />
                <Moment at={notice.createdAt} />
              </li>
            ))}
          </ul>
        )}
      </Part>
    </AriaDialog>
  );
}

function NoticeLink({ notice, onPress }: { notice: Notice; onPress: () => void }) {
  const address = addressOfNotice(notice.url);
  const title = <span data-of-server>{notice.title}</span>;
  if (!address) return title;
  return (
    <Link to={address as string} onClick={onPress}>
      {title}
    </Link>
  );
}
