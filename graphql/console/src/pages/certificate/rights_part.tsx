import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { TextInput } from "../../components/fields";
import css from "./certificate.module.css";
import { Places } from "./places";
import { sha256, type Statement } from "./verifying";

/** What was done for a request, right by right, and whether it is one's own. */
export function RightsPart({ statement }: { statement: Statement }) {
  return (
    <>
      {statement.rights.map((right, place) => (
        <Places key={place} right={right} />
      ))}
      <Reference statement={statement} />
    </>
  );
}

/** Whether it is one's own: the reference was told to the person alone. */
function Reference({ statement }: { statement: Statement }) {
  const { t } = useLingui();
  const [reference, setReference] = useState("");
  const [isYours, setIsYours] = useState<boolean>();
  const compare = async (typed: string) => {
    setReference(typed);
    setIsYours(typed.trim() ? (await sha256(typed.trim())) === statement.reference_sha256 : undefined);
  };
  return (
    <div className={css.reference}>
      <TextInput
        label={t`Is it yours? Your reference says so`}
        hint={<Trans>It was shown to you when you asked. It is sent nowhere.</Trans>}
        value={reference}
        onChange={(typed) => void compare(typed)}
        autoComplete="off"
        spellCheck="false"
      />
      <p role="status">
        {isYours === true && <Trans>Yes: this certificate belongs to your reference.</Trans>}
        {isYours === false && <Trans>This certificate belongs to another reference.</Trans>}
      </p>
    </div>
  );
}
