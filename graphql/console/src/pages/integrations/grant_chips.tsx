import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { Button } from "../../components/button";
import { categoryName, purposeName } from "../../words/taxonomy";
import css from "./chips.module.css";

export interface GrantRow {
  id: string;
  category: string;
  purpose: string;
}

interface Properties {
  name: string;
  grants: readonly GrantRow[];
  /** Left out where who looks may not stop anything. */
  onStop?: ((grant: GrantRow) => void) | undefined;
}

/** What a third party may get, each with the way to stop it. */
export function GrantChips({ name, grants, onStop }: Properties) {
  const { t, i18n } = useLingui();
  if (grants.length === 0) return <span>{t`nothing`}</span>;
  return (
    <ul className={css.chips} aria-label={t`What ${name} may get`}>
      {grants.map((grant) => {
        const category = categoryName(i18n, grant.category);
        const isAlone = grants.filter((other) => other.category === grant.category).length === 1;
        const label = isAlone ? category : t`${category}, to ${purposeName(i18n, grant.purpose)}`;
        return (
          <li key={grant.id} className={onStop ? css.chip : `${css.chip} ${css.plain}`}>
            {label}
            {onStop && (
              <Button kind="icon" className={css.stop} aria-label={t`Stop sharing ${label} with ${name}`} onPress={() => onStop(grant)}>
                <X aria-hidden />
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
