/** Filters of a list. What they say stands in the address, so that a link shows the same rows. */

import { Trans, useLingui } from "@lingui/react/macro";
import { ChevronDown, Search, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button as AriaButton, Input, SearchField } from "react-aria-components";
import { useTyped } from "../shell/settled";
import { Button } from "./button";
import type { Option } from "./choice";
import css from "./filter_bar.module.css";
import { MenuButton } from "./menu_button";
import { opened } from "./opened";
import { ShareLink } from "./share_link";

const FilterChoices = opened(() => import("./filter_choices"), "FilterChoices");

const TYPING_MS = 400;

interface BarProperties {
  /** What is sought, and where. */
  search?: { label: string; value: string; onChange: (text: string) => void };
  /** Whether anything narrows the list. */
  isFiltered: boolean;
  onClear: () => void;
  children?: ReactNode;
}

export function FilterBar({ search, isFiltered, onClear, children }: BarProperties) {
  const { t } = useLingui();
  return (
    <div className={css.bar} role="search" aria-label={t`Filters`}>
      {search && <Sought {...search} />}
      {children}
      {isFiltered && (
        <>
          <Button kind="quiet" onPress={onClear}>
            <X aria-hidden />
            <Trans>Clear filters</Trans>
          </Button>
          <ShareLink />
        </>
      )}
    </div>
  );
}

/** What is typed takes effect after a moment, or at once by Enter. */
function Sought({ label, value, onChange }: { label: string; value: string; onChange: (text: string) => void }) {
  const [text, setText] = useTyped(value, onChange, TYPING_MS);
  return (
    <SearchField className={css.search!} aria-label={label} value={text} onChange={setText} onSubmit={onChange} onClear={() => onChange("")}>
      <Search aria-hidden />
      <Input placeholder={label} />
      <AriaButton className={css.clear!}>
        <X aria-hidden />
      </AriaButton>
    </SearchField>
  );
}

export interface FilterProperties<Key extends string> {
  label: string;
  options: readonly Option<Key>[];
  selected: readonly Key[];
  onChange: (selected: Key[]) => void;
  /** One at most. */
  isSingle?: boolean;
  /** Called when the list opens: what is asked for only then. */
  onOpen?: () => void;
}

/** One filter: some of these, or one. */
export function Filter<Key extends string>(properties: FilterProperties<Key>) {
  const { label, options, selected, onOpen } = properties;
  const names = options.filter(({ id }) => selected.includes(id)).map(({ name }) => name);
  return (
    <MenuButton
      className={css.filter}
      opens="dialog"
      data-active={selected.length > 0 || undefined}
      content={(at) => <FilterChoices {...at} {...(properties as unknown as FilterProperties<string>)} />}
      {...(onOpen ? { onOpen } : {})}
    >
      <span>
        {label}
        {names.length > 0 && ": "}
        {names.length > 0 && <bdi>{names.length > 2 ? names.length : names.join(", ")}</bdi>}
      </span>
      <ChevronDown aria-hidden />
    </MenuButton>
  );
}
