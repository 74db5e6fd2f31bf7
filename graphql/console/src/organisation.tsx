import type { Organisation } from "./session";

interface Properties {
  organisations: Organisation[];
  chosen: string | null;
  onChoose: (slug: string) => void;
}

/** The organisation on whose behalf the person works. */
export function OrganisationChoice({ organisations, chosen, onChoose }: Properties) {
  return (
    <label className="organisation">
      <span>Organisation</span>
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
    </label>
  );
}
