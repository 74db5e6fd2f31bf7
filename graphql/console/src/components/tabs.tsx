import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from "react-aria-components";
import css from "./tabs.module.css";

interface Properties<Key extends string> {
  label: string;
  tabs: readonly { id: Key; title: string; content: () => ReactNode }[];
}

/** Tabs of a page; which is open stands in the address as `tab`, which its search parameters must name. */
export function Tabs<Key extends string>({ label, tabs }: Properties<Key>) {
  const search: { tab?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  const [first] = tabs;
  const open = tabs.find(({ id }) => id === search.tab) ?? first;
  const go = (id: string) => void navigate({ to: ".", search: ((now: object) => ({ ...now, tab: id === first?.id ? undefined : id })) as never, replace: true });
  return (
    <AriaTabs selectedKey={open?.id ?? ""} onSelectionChange={(id) => go(String(id))} className={css.tabs!}>
      <TabList aria-label={label} className={css.list!}>
        {tabs.map(({ id, title }) => (
          <Tab key={id} id={id} className={css.tab!}>
            {title}
          </Tab>
        ))}
      </TabList>
      {tabs.map(({ id, content }) => (
        <TabPanel key={id} id={id} className={css.panel!}>
          {content()}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
