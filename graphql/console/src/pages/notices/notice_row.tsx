import { Trans } from "@lingui/react/macro";
import { Badge } from "../../components/badge";
import { Button, Buttons } from "../../components/button";
import { LinkButton } from "../../components/link_button";
import { Moment } from "../../components/moment";
import { addressOfNotice } from "../../shell/pages";
import css from "./notices.module.css";
import type { Notice } from "./told_part";

/** One notice: its subject opens what it says, and leads to what it is about. */
export function NoticeRow({ notice, onRead }: { notice: Notice; onRead: () => void }) {
  const address = addressOfNotice(notice.url);
  const isUnread = notice.readAt === null;
  return (
    <li data-unread={isUnread || undefined} className={css.row}>
      <details>
        <summary>
          <span data-of-server>{notice.title}</span>{" "}
          {notice.isUrgent && (
            <Badge tone="warn">
              <Trans>Important</Trans>
            </Badge>
          )}{" "}
          <Moment at={notice.createdAt} />
        </summary>
        <p className={css.body} data-of-server>
          {notice.body}
        </p>
        <Buttons>
          {address && (
            <LinkButton to={address}>
              <Trans>Go to what it is about</Trans>
            </LinkButton>
          )}
          {isUnread && (
            <Button kind="quiet" onPress={onRead}>
              <Trans>Mark as read</Trans>
            </Button>
          )}
        </Buttons>
      </details>
    </li>
  );
}
