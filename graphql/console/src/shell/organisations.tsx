import { useLingui } from "@lingui/react/macro";
import { useParams } from "@tanstack/react-router";
import { Building2, ChevronDown } from "lucide-react";
import { useSession } from "../api/session_store";
import { MenuButton } from "../components/menu_button";
import css from "./frame.module.css";
import { opened } from "../components/opened";

const OrganisationsMenu = opened(() => import("./organisations_menu"), "OrganisationsMenu");

/** On whose behalf one works; the choice leads to the other organisation's first page. */
export function Organisations() {
  const { t } = useLingui();
  const { session } = useSession();
  const { organisation } = useParams({ strict: false });
  const name = session.organisations.find(({ slug }) => slug === organisation)?.name ?? organisation;
  if (session.organisations.length < 2) return <span className={css.organisation}>{name && <bdi>{name}</bdi>}</span>;
  return (
    <MenuButton className={css.organisation} label={t`Organisation: ${name ?? t`none`}`} content={(at) => <OrganisationsMenu {...at} />}>
      <Building2 aria-hidden />
      <bdi>{name}</bdi>
      <ChevronDown aria-hidden />
    </MenuButton>
  );
}
