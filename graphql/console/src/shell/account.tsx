import { useLingui } from "@lingui/react/macro";
import { CircleUserRound } from "lucide-react";
import { useSession } from "../api/session_store";
import { MenuButton } from "../components/menu_button";
import { opened } from "../components/opened";
import { personName } from "../sign_in/session";

const AccountMenu = opened(() => import("./account_menu"), "AccountMenu");

/** Who is signed in, how the console looks and speaks for this person, and the way out. */
export function Account() {
  const { t } = useLingui();
  const { session } = useSession();
  const name = personName(session);
  return (
    <MenuButton kind="icon" label={t`Account of ${name}`} content={(at) => <AccountMenu {...at} />}>
      <CircleUserRound aria-hidden />
    </MenuButton>
  );
}
