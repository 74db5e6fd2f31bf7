import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useMemo, useState } from "react";
import { Button } from "../../components/button";
import { TextInput } from "../../components/fields";
import { Finding } from "../../components/finding";
import { PersonPicker } from "../../people/people_picker";
import { useTyped } from "../../shell/settled";
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
      <PersonPicker label={t`Who`} initial={actorName ?? ""} isOptional onChange={(actor) => narrow({ actor: actor ?? undefined })} />
      <ActionChoice action={search.action ?? null} onChange={(action) => narrow({ action })} />
      <Typed label={t`Whom or what (id)`} value={search.target ?? ""} onChange={(target) => narrow({ target: target || undefined })} />
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
  const [text, setText] = useTyped(value, onChange);
  return <TextInput label={label} value={text} onChange={setText} autoComplete="off" />;
}

function ActionChoice({ action, onChange }: { action: string | null; onChange: (action: string | undefined) => void }) {
  const { t, i18n } = useLingui();
  const options = useMemo(
    () =>
      Object.entries(ACTIONS)
        .map(([id, name]) => ({ id, name: i18n._(name) }))
        .toSorted((one, other) => one.name.localeCompare(other.name, i18n.locale)),
    [i18n, i18n.locale],
  );
  const nameOf = (id: string | null) => options.find((option) => option.id === id)?.name ?? "";
  const [text, setText] = useState(nameOf(action));
  const [shown, setShown] = useState(action);
  if (shown !== action) {
    setShown(action);
    setText(nameOf(action));
  }
  const change = (id: string | null) => id !== action && onChange(id ?? undefined);
  return (
    <Finding
      label={t`What was done`}
      options={options}
      chosen={action}
      text={text}
      onText={(typed) => {
        setText(typed);
        if (typed === "") change(null);
      }}
      onChoose={(id) => {
        setText(nameOf(id));
        change(id);
      }}
    />
  );
}
