import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from "react-aria-components";
import { Button } from "../../components/button";
import { TextInput } from "../../components/fields";
import fields from "../../components/fields.module.css";
import menu from "../../components/menu.module.css";
import { PersonPicker } from "../../people/people_picker";
import { useSettled } from "../../shell/settled";
import css from "./audit.module.css";
import { auditRoute } from "./route";
import { ACTIONS } from "./words";

interface Properties {
  /** Of the member whose acts are shown, once it is known. */
  actorName: string | undefined;
  isFiltered: boolean;
}

/** Who, what, to what, and when: each stands in the address. */
export function AuditFilters({ actorName, isFiltered }: Properties) {
  const { t } = useLingui();
  const search = auditRoute.useSearch();
  const navigate = useNavigate({ from: auditRoute.fullPath });
  const narrow = (change: Partial<typeof search>) => void navigate({ search: (now) => ({ ...now, ...change, after: undefined }) });
  return (
    <div role="search" aria-label={t`Filters`} className={css.filters}>
      <PersonPicker key={`${search.actor} ${actorName}`} label={t`Who`} initial={actorName ?? ""} isOptional onChange={(actor) => narrow({ actor: actor ?? undefined })} />
      <ActionChoice key={search.action} action={search.action} onChange={(action) => narrow({ action })} />
      <Typed key={search.target} label={t`Whom or what (id)`} value={search.target ?? ""} onChange={(target) => narrow({ target: target || undefined })} />
      <TextInput label={t`From`} type="date" value={search.from ?? ""} onChange={(from) => narrow({ from: from || undefined })} />
      <TextInput label={t`To`} type="date" value={search.to ?? ""} onChange={(to) => narrow({ to: to || undefined })} />
      {isFiltered && (
        <Button kind="quiet" onPress={() => void navigate({ search: {} })}>
          <X aria-hidden />
          <Trans>Clear filters</Trans>
        </Button>
      )}
    </div>
  );
}

/** An id is pasted as a whole: it takes effect after a moment. */
function Typed({ label, value, onChange }: { label: string; value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  const settled = useSettled(text.trim());
  useEffect(() => {
    if (settled !== value) onChange(settled);
  }, [settled]);
  return <TextInput label={label} value={text} onChange={setText} autoComplete="off" />;
}

function ActionChoice({ action, onChange }: { action: string | undefined; onChange: (action: string | undefined) => void }) {
  const { t, i18n } = useLingui();
  const items = useMemo(
    () =>
      Object.entries(ACTIONS)
        .map(([id, name]) => ({ id, name: i18n._(name) }))
        .toSorted((one, other) => one.name.localeCompare(other.name, i18n.locale)),
    [i18n, i18n.locale],
  );
  return (
    <ComboBox
      className={fields.field!}
      defaultItems={items}
      defaultSelectedKey={action ?? null}
      onSelectionChange={(key) => onChange(key === null ? undefined : String(key))}
    >
      <Label>{t`What was done`}</Label>
      <Input autoComplete="off" />
      <Popover className={menu.popover!}>
        <ListBox className={menu.menu!}>
          {(item: (typeof items)[number]) => (
            <ListBoxItem id={item.id} textValue={item.name} className={menu.item!}>
              {item.name}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
