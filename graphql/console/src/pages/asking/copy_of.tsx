import { useLingui } from "@lingui/react/macro";
import { Radios } from "../../components/radios";
import css from "./asking.module.css";

/** Of what a copy is made: of all here, which the organisation decides on, or of the account, which the provider does. */
export function CopyOf({ isAboutAccount, onChange }: { isAboutAccount: boolean; onChange: (is: boolean) => void }) {
  const { t } = useLingui();
  return (
    <div className={css.copyOf}>
      <Radios
        label={t`A copy of what?`}
        options={[
          { id: "all", name: t`Everything here`, meaning: t`Your organisation decides, and everybody who received data is asked for theirs.` },
          { id: "account", name: t`My account alone`, meaning: t`Addresses, means of signing in, sessions and mail: the provider holds these and decides.` },
        ]}
        value={isAboutAccount ? "account" : "all"}
        onChange={(chosen) => onChange(chosen === "account")}
      />
    </div>
  );
}
