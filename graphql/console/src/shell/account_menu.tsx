import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Header, MenuItem, MenuSection, Separator } from "react-aria-components";
import type { VariablesOf } from "../api/graphql";
import { useSession } from "../api/session_store";
import { useCommand } from "../api/use_command";
import type { OpenAt } from "../components/menu_button";
import menu from "../components/menu.module.css";
import { MenuPopover } from "../components/menu_popover";
import { chooseLanguage, type Language, LANGUAGES } from "../language/language";
import { personName, signOut } from "../sign_in/session";
import { UpdatePreferencesMutation } from "./documents";
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
  const command = useCommand(UpdatePreferencesMutation);
  // A session that a provider has opened reaches one organisation, and has this browser's alone.
  const keep = async (input: VariablesOf<typeof UpdatePreferencesMutation>["input"]) =>
    !session.preferences || (await command.run({ input })) !== undefined;
  const chooseTheme = async (next: Theme) => {
    const before = theme;
    const show = (one: Theme) => {
      applyTheme(one);
      setTheme(one);
    };
    show(next);
    if (!(await keep({ theme: next.toUpperCase() as Uppercase<Theme> }))) show(before);
  };
  const chooseKeys = async (isOn: boolean) => {
    const show = (one: boolean) => {
      turnKeys(one);
      setKeys(one);
    };
    show(isOn);
    if (!(await keep({ hasLetterKeys: isOn }))) show(!isOn);
  };
  const speak = async (language: Language) => {
    if (await keep({ language })) chooseLanguage(language);
  };
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
        onSelectionChange={(chosen) => void chooseTheme([...chosen][0] as Theme)}
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
        onSelectionChange={(chosen) => void speak([...chosen][0] as Language)}
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
        onSelectionChange={(chosen) => void chooseKeys(chosen === "all" || chosen.has("keys"))}
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
