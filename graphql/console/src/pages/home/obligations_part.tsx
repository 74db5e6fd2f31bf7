import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Badge } from "../../components/badge";
import { Section } from "../../components/section";
import { useFormats } from "../../language/formats";
import css from "./home.module.css";
import { homeRoute } from "./route";
import { OWED, type Owed } from "./words";

/** How third parties keep what they owe. */
export function ObligationsPart({ owed }: { owed: readonly Owed[] }) {
  const { t, i18n } = useLingui();
  const { organisation } = homeRoute.useParams();
  const { number } = useFormats();
  const late = owed.reduce((sum, one) => sum + one.late, 0);
  const open = owed.filter(({ count }) => count > 0);
  return (
    <Section title={t`What third parties owe`}>
      <p>
        {late > 0 ? (
          <Badge tone="alarm">
            <Plural value={late} one="# is late" other="# are late" />
          </Badge>
        ) : (
          <Badge tone="good">
            <Trans>Nothing is late</Trans>
          </Badge>
        )}
      </p>
      {open.length > 0 ? (
        <ul className={css.owed}>
          {open.map(({ state, count }) => (
            <li key={state}>
              <strong className={css.count}>{number(count)}</strong> {i18n._(OWED[state])}
            </li>
          ))}
        </ul>
      ) : (
        <p>
          <Trans>Nothing is open: everything that was asked of them is done.</Trans>
        </p>
      )}
      <p>
        <Link to={`/o/${organisation}/obligations` as string}>
          <Trans>All that was asked of them, with its proof</Trans>
        </Link>
      </p>
    </Section>
  );
}
