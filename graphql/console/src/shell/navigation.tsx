import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { useLingui } from "@lingui/react/macro";
import { Link, useMatches } from "@tanstack/react-router";
import css from "./navigation.module.css";
import { type Group, GROUPS } from "./layout";
import { addressOf, type Page, useReachable, useSlug } from "./pages";
import { useViewer } from "./viewer";

const HOME = "/o/$organisation";

const GROUP_NAMES: Record<Group, MessageDescriptor> = {
  work: msg`Work`,
  people: msg`People`,
  data: msg`Data`,
  organisation: msg`Organisation`,
  mine: msg`Mine`,
  provider: msg`Provider`,
};

/** The pages that this person may see, by what they are about. */
export function Navigation({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t, i18n } = useLingui();
  const pages = useReachable(useViewer());
  const at = useMatches({ select: (matches) => matches.at(-1)?.fullPath ?? "" });
  const current = currentOf(pages, at);
  const groups = GROUPS.map((group) => ({ group, pages: pages.filter((page) => page.options.staticData?.group === group) }));
  return (
    <nav className={css.navigation} data-open={isOpen || undefined} aria-label={t`Pages`} onClick={onClose}>
      {groups
        .filter((one) => one.pages.length > 0)
        .map(({ group, pages: ofGroup }) => (
          <section key={group} aria-labelledby={`group-${group}`}>
            <h2 id={`group-${group}`} className={css.group}>
              {i18n._(GROUP_NAMES[group])}
            </h2>
            <ul className={css.list}>
              {ofGroup.map((page) => (
                <Item key={page.id} page={page} isCurrent={page === current} />
              ))}
            </ul>
          </section>
        ))}
    </nav>
  );
}

/** The page that one is on, or below: of several the nearest. */
function currentOf(pages: Page[], at: string): Page | undefined {
  const path = (page: Page) => page.fullPath.replace(/\/$/, "");
  const above = pages.filter((page) => `${at}/`.startsWith(`${path(page)}/`));
  return above.toSorted((one, other) => path(other).length - path(one).length).find((page) => path(page) !== HOME || at.replace(/\/$/, "") === HOME);
}

function Item({ page, isCurrent }: { page: Page; isCurrent: boolean }) {
  const { i18n } = useLingui();
  const organisation = useSlug();
  const { title, icon: Icon } = page.options.staticData ?? {};
  return (
    <li>
      <Link to={addressOf(page, organisation)} className={css.item!} activeOptions={{ exact: !isCurrent, includeSearch: false }} activeProps={{ "aria-current": "page" }}>
        {Icon && <Icon aria-hidden />}
        {title && i18n._(title)}
      </Link>
    </li>
  );
}
