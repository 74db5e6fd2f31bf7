import { useLingui } from "@lingui/react/macro";
import { useNavigate, useParams } from "@tanstack/react-router";
import { MenuItem, MenuSection } from "react-aria-components";
import { useSession } from "../api/session_store";
import type { OpenAt } from "../components/menu_button";
import menu from "../components/menu.module.css";
import { MenuPopover } from "../components/menu_popover";

export function OrganisationsMenu(at: OpenAt) {
  const { t } = useLingui();
  const { session } = useSession();
  const { organisation } = useParams({ strict: false });
  const navigate = useNavigate();
  return (
    <MenuPopover {...at} label={t`Organisations`} placement="bottom start">
      <MenuSection aria-label={t`Organisations`} selectionMode="single" selectedKeys={[organisation ?? ""]}>
        {session.organisations.map(({ slug, name }) => (
          <MenuItem
            key={slug}
            id={slug}
            className={menu.item!}
            textValue={name}
            onAction={() => void navigate({ to: "/o/$organisation", params: { organisation: slug } })}
          >
            <bdi>{name}</bdi>
          </MenuItem>
        ))}
      </MenuSection>
    </MenuPopover>
  );
}
