import { useLingui } from "@lingui/react/macro";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Building2, ChevronDown } from "lucide-react";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { useSession } from "../api/session_store";
import { Button } from "../components/button";
import menu from "../components/menu.module.css";
import css from "./frame.module.css";

/** On whose behalf one works; the choice leads to the other organisation's first page. */
export function Organisations() {
  const { t } = useLingui();
  const { session } = useSession();
  const { organisation } = useParams({ strict: false });
  const navigate = useNavigate();
  const name = session.organisations.find(({ slug }) => slug === organisation)?.name ?? organisation;
  if (session.organisations.length < 2) return <span className={css.organisation}>{name && <bdi>{name}</bdi>}</span>;
  return (
    <MenuTrigger>
      <Button kind="plain" className={css.organisation} aria-label={t`Organisation: ${name ?? t`none`}`}>
        <Building2 aria-hidden />
        <bdi>{name}</bdi>
        <ChevronDown aria-hidden />
      </Button>
      <Popover className={menu.popover!}>
        <Menu
          className={menu.menu!}
          aria-label={t`Organisations`}
          selectionMode="single"
          selectedKeys={[organisation ?? ""]}
          onAction={(slug) => void navigate({ to: "/o/$organisation", params: { organisation: String(slug) } })}
        >
          {session.organisations.map(({ slug, name: one }) => (
            <MenuItem key={slug} id={slug} className={menu.item!} textValue={one}>
              <bdi>{one}</bdi>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
