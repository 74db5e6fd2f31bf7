import { Trans } from "@lingui/react/macro";
import { useNavigate, useParams, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { useClient } from "urql";
import { Badge } from "../../components/badge";
import { Button, Buttons } from "../../components/button";
import { Moment } from "../../components/moment";
import { PaletteNodeQuery } from "../../shell/documents";
import { addressOf, pagesOf, useReachable } from "../../shell/pages";
import { useViewer } from "../../shell/viewer";
import { pageOfKind } from "./kinds";
import css from "./notices.module.css";
import type { Notice } from "./told_part";

/** One notice: its subject opens what it says, and leads to what it is about. */
export function NoticeRow({ notice, onRead }: { notice: Notice; onRead: () => void }) {
  const go = useGo(notice);
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
          {go.isThere && (
            <Button isPending={go.isRunning} onPress={() => void go.run()}>
              <Trans>Go to what it is about</Trans>
            </Button>
          )}
          {isUnread && (
            <Button kind="quiet" onPress={onRead}>
              <Trans>Mark as read</Trans>
            </Button>
          )}
        </Buttons>
        {go.isGone && (
          <p role="status">
            <Trans>It is not there any more, has no page of its own, or is not yours to see now.</Trans>
          </p>
        )}
      </details>
    </li>
  );
}

/** Find the page of what a notice is about: the API says of which type its id is. */
function useGo({ kind, targetId, organisationSlug }: Notice) {
  const client = useClient();
  const router = useRouter();
  const navigate = useNavigate();
  const { organisation } = useParams({ strict: false });
  const list = useReachable(useViewer()).find(({ fullPath }) => fullPath === `/o/$organisation/${pageOfKind(kind)}`);
  const place = organisationSlug || organisation;
  const [isRunning, setIsRunning] = useState(false);
  const [isGone, setIsGone] = useState(false);
  const typeOf = async (id: string) => {
    setIsRunning(true);
    const { data } = await client.query(PaletteNodeQuery, { id }, { requestPolicy: "network-only" }).toPromise();
    setIsRunning(false);
    return data?.node?.__typename;
  };
  const run = async () => {
    const type = targetId && (await typeOf(targetId));
    const page = type && pagesOf(router).find((one) => one.options.staticData?.shows === type);
    if (page) void navigate({ href: addressOf(page, place, targetId) });
    else if (list) void navigate({ href: addressOf(list, place) });
    else setIsGone(true);
  };
  return { run, isRunning, isGone, isThere: targetId !== null || list !== undefined };
}
