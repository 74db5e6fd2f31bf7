import { Trans, useLingui } from "@lingui/react/macro";
import { Dialog } from "../components/dialog";
import css from "./help.module.css";
import { knownKeys } from "./keys";

/** The keys that do something here and now. */
export function Help({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useLingui();
  const keys = knownKeys();
  return (
    <Dialog title={t`Keys`} onClose={onClose}>
      <dl className={css.keys}>
        <div>
          <dt>
            <kbd>Ctrl K</kbd>
          </dt>
          <dd>
            <Trans>Search or go to</Trans>
          </dd>
        </div>
        {keys.map(({ keys: pressed, label }) => (
          <div key={pressed}>
            <dt>
              {pressed.split(" ").map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{i18n._(label)}</dd>
          </div>
        ))}
      </dl>
      <p>
        <Trans>Single letters can be turned off in the account menu.</Trans>
      </p>
    </Dialog>
  );
}
