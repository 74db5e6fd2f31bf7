import { useNavigate, useSearch } from "@tanstack/react-router";
import { type KeyboardEvent, type ReactNode, useId } from "react";
import css from "./tabs.module.css";

interface Properties<Key extends string> {
  label: string;
  tabs: readonly { id: Key; title: string; content: () => ReactNode }[];
}

/** Tabs of a page; which is open stands in the address as `tab`, which its search parameters must name. Each begins at its first rows. */
export function Tabs<Key extends string>({ label, tabs }: Properties<Key>) {
  const own = useId();
  const search: { tab?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  const [first] = tabs;
  const open = tabs.find(({ id }) => id === search.tab) ?? first;
  const go = (id: string) => void navigate({ to: ".", search: ((now: object) => ({ ...now, tab: id === first?.id ? undefined : id, after: undefined })) as never, replace: true });
  const goByKey = (event: KeyboardEvent<HTMLElement>) => {
    const next = tabs[placeOf(event, tabs.findIndex((tab) => tab === open), tabs.length)];
    if (!next) return;
    event.preventDefault();
    go(next.id);
    document.getElementById(`${own}-${next.id}`)?.focus();
  };
  return (
    <div>
      <div role="tablist" aria-label={label} className={css.list} onKeyDown={goByKey}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            id={`${own}-${tab.id}`}
            type="button"
            role="tab"
            aria-selected={tab === open}
            aria-controls={tab === open ? `${own}-panel` : undefined}
            tabIndex={tab === open ? 0 : -1}
            className={css.tab}
            data-selected={tab === open || undefined}
            onClick={() => go(tab.id)}
          >
            {tab.title}
          </button>
        ))}
      </div>
      <div key={open?.id} role="tabpanel" id={`${own}-panel`} aria-labelledby={`${own}-${open?.id}`}>
        {open?.content()}
      </div>
    </div>
  );
}

/** Where an arrow, Home or End leads; NaN where a key leads nowhere. */
function placeOf({ key, currentTarget }: KeyboardEvent<HTMLElement>, now: number, count: number): number {
  const forward = getComputedStyle(currentTarget).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (key === "ArrowLeft" || key === "ArrowRight") return (now + (key === forward ? 1 : count - 1)) % count;
  return Number.NaN;
}
