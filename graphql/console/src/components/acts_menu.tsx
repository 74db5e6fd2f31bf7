import { useLingui } from "@lingui/react/macro";
import { Ellipsis } from "lucide-react";
import { type ReactNode } from "react";
import { MenuButton } from "./menu_button";
import { opened } from "./opened";

const ActsOfMenu = opened(() => import("./acts_of_menu"), "ActsOfMenu");

export interface Act {
  id: string;
  /** Names the deed; an ellipsis at its end where something is asked first. */
  label: string;
  run: () => void;
  /** Left out: everybody who sees the menu may. */
  isThere?: boolean;
}

interface Properties {
  acts: readonly Act[];
  label?: string;
  icon?: ReactNode;
}

/** Further acts on what the page or the row shows; without any, no menu. */
export function ActsMenu({ acts, label, icon }: Properties) {
  const { t } = useLingui();
  const there = acts.filter(({ isThere = true }) => isThere);
  if (there.length === 0) return null;
  const name = label ?? t`More acts`;
  return (
    <MenuButton kind="icon" label={name} content={(at) => <ActsOfMenu {...at} label={name} acts={there} />}>
      {icon ?? <Ellipsis aria-hidden />}
    </MenuButton>
  );
}
