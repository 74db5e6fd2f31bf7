import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { Bell as BellIcon } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { DialogTrigger, Popover } from "react-aria-components";
import { useSubscription } from "urql";
import { NoticeNewsSubscription } from "./documents";
import { Button } from "../components/button";
import menu from "../components/menu.module.css";
import css from "./frame.module.css";
import type { Viewer } from "./viewer";

const Notices = lazy(() => import("./notices"));
/** The server counts no further. */
const MANY = 100;

/** How many notices are unread, told by the server as it happens. */
export function Bell({ viewer }: { viewer: Viewer | undefined }) {
  const { t } = useLingui();
  const [isOpen, setIsOpen] = useState(false);
  // Only once the page is there: the first rows come first.
  const [{ data }] = useSubscription({ query: NoticeNewsSubscription, pause: !viewer });
  const unread = data?.noticeAdded.unread ?? viewer?.unreadNotices ?? 0;
  const count = unread >= MANY ? `${MANY - 1}+` : String(unread);
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setIsOpen}>
      <Button kind="icon" className={css.bell} aria-label={t`Notices: ${plural(unread, { 0: "none unread", one: "# unread", other: "# unread" })}`}>
        <BellIcon aria-hidden />
        {unread > 0 && <span className={css.badge}>{count}</span>}
      </Button>
      <Popover className={menu.popover!} placement="bottom end">
        <Suspense>{isOpen && <Notices onClose={() => setIsOpen(false)} />}</Suspense>
      </Popover>
    </DialogTrigger>
  );
}
