import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Header, MenuItem, MenuSection, Separator } from "react-aria-components";
import { useSession } from "../api/session_store";
import type { OpenAt } from "../components/menu_button";
import menu from "../components/menu.module.css";
import { MenuPopover } from "../components/menu_popover";
import { chooseLanguage, type Language, LANGUAGES } from "../language/language";
import { personName, signOut } from "../sign_in/session";
import { areKeysOn, turnKeys } from "./keys";
import { applyTheme, chosenTheme, type Theme, THEMES } from "./theme";

const THEME_NAMES: Record<Theme, MessageDescriptor> = {
  system: msg`As the system`,
  light: msg`Light`,
  dark: msg`Dark`,
};

export function AccountMenu(at: OpenAt) {
  const { t, i18n } = useLingui();
  const { session } = useSession();
  const [theme, setTheme] = useState(chosenTheme);
  const [keys, setKeys] = useState(areKeysOn);
  const leave = async () => {
    await signOut(session);
    location.assign("/console");
  };
  return (
    <MenuPopover {...at} label={t`Account`}>
      <MenuSection>
        <Header className={menu.header!}>
          <bdi>{personName(session)}</bdi>
        </Header>
        <MenuItem className={menu.item!} href="/auth/security" target="_self">
          <Trans>What opens your account</Trans>
        </MenuItem>
        <MenuItem className={menu.item!} href="/console/explorer" target="_self">
          <Trans>API explorer</Trans>
        </MenuItem>
      </MenuSection>
      <Separator className={menu.separator!} />
      <MenuSection
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[theme]}
        onSelectionChange={(chosen) => {
          const next = [...chosen][0] as Theme;
          applyTheme(next);
          setTheme(next);
        }}
      >
        <Header className={menu.header!}>
          <Trans>Appearance</Trans>
        </Header>
        {THEMES.map((one) => (
          <MenuItem key={one} id={one} className={menu.item!}>
            {i18n._(THEME_NAMES[one])}
          </MenuItem>
        ))}
      </MenuSection>
      <Separator className={menu.separator!} />
      <MenuSection
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[i18n.locale]}
        onSelectionChange={(chosen) => chooseLanguage([...chosen][0] as Language)}
      >
        <Header className={menu.header!}>
          <Trans>Language</Trans>
        </Header>
        {Object.entries(LANGUAGES).map(([code, own]) => (
          <MenuItem key={code} id={code} className={menu.item!}>
            <span lang={code}>{own}</span>
          </MenuItem>
        ))}
      </MenuSection>
      <Separator className={menu.separator!} />
      <MenuSection
        selectionMode="multiple"
        selectedKeys={keys ? ["keys"] : []}
        onSelectionChange={(chosen) => {
          const isOn = chosen === "all" || chosen.has("keys");
          turnKeys(isOn);
          setKeys(isOn);
        }}
      >
        <MenuItem id="keys" className={menu.item!}>
          <Trans>Single-letter keys</Trans>
        </MenuItem>
      </MenuSection>
      <Separator className={menu.separator!} />
      <MenuItem className={menu.item!} onAction={() => void leave()}>
        <Trans>Sign out</Trans>
      </MenuItem>
    </MenuPopover>
  );
}
