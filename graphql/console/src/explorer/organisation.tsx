import { useState } from "react";
import { chosenOrganisation, choosesFreely, rememberOrganisation, type Session } from "../sign_in/session";

/** The organisation on whose behalf the person works in this tab, and the function that changes it. */
export function useOrganisation(session: Session): [string | null, (slug: string) => void] {
  const [organisation, setOrganisation] = useState(() => chosenOrganisation(session));
  const choose = (slug: string) => {
    rememberOrganisation(slug);
    setOrganisation(slug);
  };
  return [organisation, choose];
}

interface Properties {
  session: Session;
  chosen: string | null;
  onChoose: (slug: string) => void;
}

/** The choice among one's organisations; the privacy team names any. */
export function OrganisationChoice({ session, chosen, onChoose }: Properties) {
  return (
    <label className="organisation">
      <span>Organisation</span>
      {choosesFreely(session) ? (
        <input
          defaultValue={chosen ?? ""}
          placeholder="its short name"
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onChoose(event.target.value.trim())}
        />
      ) : (
        <Membership session={session} chosen={chosen} onChoose={onChoose} />
      )}
    </label>
  );
}

function Membership({ session: { organisations }, chosen, onChoose }: Properties) {
  return (
    <select
      value={chosen ?? ""}
      disabled={organisations.length === 0}
      onChange={(event) => onChoose(event.target.value)}
    >
      {organisations.length === 0 && <option value="">none</option>}
      {organisations.map(({ slug, name }) => (
        <option key={slug} value={slug}>
          {name}
        </option>
      ))}
    </select>
  );
}
