import { Trans } from "@lingui/react/macro";
import { ObjectLink } from "./text_link";

interface Properties {
  person: { id: string; displayName: string | null } | null | undefined;
}

/** A member by name, leading to the member's page; whom one may not see is nobody's name. */
export function Person({ person }: Properties) {
  if (!person) {
    return (
      <span>
        <Trans>Somebody you may not see</Trans>
      </span>
    );
  }
  return (
    <ObjectLink page="members" id={person.id}>
      <bdi>{person.displayName}</bdi>
    </ObjectLink>
  );
}
