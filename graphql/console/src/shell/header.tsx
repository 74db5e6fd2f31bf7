import { useLingui } from "@lingui/react/macro";
import { Menu as MenuIcon, Search } from "lucide-react";
import { useState } from "react";
import { Button } from "../components/button";
import { Account } from "./account";
import { Bell } from "./bell";
import css from "./frame.module.css";
import { Organisations } from "./organisations";
import { useControlK } from "./palette_key";
import { Unlocked } from "./unlocked";
import type { Viewer } from "./viewer";
import { opened } from "../components/opened";

const Palette = opened(() => import("./palette"), "Palette");

interface Properties {
  viewer: Viewer | undefined;
  isMenuOpen: boolean;
  onMenu: () => void;
}

export function Header({ viewer, isMenuOpen, onMenu }: Properties) {
  const { t } = useLingui();
  const [isPaletteOpen, setIsPaletteOpen] = useState(false);
  useControlK(() => setIsPaletteOpen(true));
  return (
    <header className={css.header}>
      <Button kind="icon" className={css.menuButton} aria-label={t`Navigation`} aria-expanded={isMenuOpen} onPress={onMenu}>
        <MenuIcon aria-hidden />
      </Button>
      <Organisations />
      <Button kind="plain" className={css.search} aria-keyshortcuts="Control+K Meta+K" onPress={() => setIsPaletteOpen(true)}>
        <Search aria-hidden />
        <span className={css.searchText}>{t`Search or go to`}</span>
        <kbd>Ctrl K</kbd>
      </Button>
      <span className={css.space} />
      <Unlocked />
      <Bell viewer={viewer} />
      <Account />
      {isPaletteOpen && <Palette onClose={() => setIsPaletteOpen(false)} />}
    </header>
  );
}
