import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { Bell as BellIcon } from "lucide-react";
import { useSubscription } from "urql";
import { NoticeNewsSubscription } from "./documents";
import { MenuButton } from "../components/menu_button";
import css from "./frame.module.css";
import type { Viewer } from "./viewer";
import { opened } from "../components/opened";

const Notices = opened(() => import("./notices"), "Notices");
/** The server counts no further. */
const MANY = 100;

/** How many notices are unread, told by the server as it happens. */
export function Bell({ viewer }: { viewer: Viewer | undefined }) {
  const { t } = useLingui();
  // Only once the page is there: the first rows come first.
  const [{ data }] = useSubscription({ query: NoticeNewsSubscription, pause: !viewer });
  const unread = data?.noticeAdded.unread ?? viewer?.unreadNotices ?? 0;
  const count = unread >= MANY ? `${MANY - 1}+` : String(unread);
  const label = t`Notices: ${plural(unread, { 0: "none unread", one: "# unread", other: "# unread" })}`;
  return (
    <MenuButton kind="icon" className={css.bell} label={label} opens="dialog" content={(at) => <Notices {...at} />}>
      <BellIcon aria-hidden />
      {unread > 0 && <span className={css.badge}>{count}</span>}
    </MenuButton>
  );
}
