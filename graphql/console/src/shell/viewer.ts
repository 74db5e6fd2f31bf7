/** Who looks: what the shell's part of a page's document says, and what it lets a person see. */

import { createContext, useContext } from "react";
import { currentSession } from "../api/session_store";
import type { Viewer } from "../api/shell_asking";

export type { Viewer };
export type Permission = Viewer["permissions"][number];

/** Let those see a page who hold one of these permissions. */
export function may(...permissions: Permission[]): (viewer: Viewer) => boolean {
  return (viewer) => permissions.some((permission) => viewer.permissions.includes(permission));
}

/** At the provider everybody acts on himself or herself alone, and its staff by what staff may do: nobody has colleagues there. */
function isAtProvider(viewer: Viewer): boolean {
  return viewer.organisation.slug === currentSession().provider;
}

/** Let those see a page about members and groups who may see any of the organisation's. */
export function seesMembers(viewer: Viewer): boolean {
  return may("MEMBERS_READ")(viewer) && !isAtProvider(viewer);
}

/** Let members of the organisation see a page: present and past ones, not customers of the provider. */
export function isMember(viewer: Viewer): boolean {
  return viewer.member !== null && !isAtProvider(viewer);
}

/** Let those see a page of whom data is held here: members, and customers once they have asked. */
export function isKnown(viewer: Viewer): boolean {
  return viewer.member !== null;
}

/** Let people see a page about themselves: who is known here, and who may become a customer of the provider by asking. */
export function isOneself(viewer: Viewer): boolean {
  return isKnown(viewer) || (isAtProvider(viewer) && may("MEMBERS_READ")(viewer));
}

/** Let the provider's privacy team see a page. */
export function isPrivacyTeam(viewer: Viewer): boolean {
  return viewer.isPrivacyTeam;
}

/** Let the provider's operators see a page. */
export function isOperator(viewer: Viewer): boolean {
  return viewer.staffRoles.includes("OPERATOR");
}

/** Let the provider's vendors see a page: their own desk. */
export function isVendor(viewer: Viewer): boolean {
  return viewer.staffRoles.includes("VENDOR");
}

const Looking = createContext<Viewer | undefined>(undefined);
export const ViewerProvider = Looking.Provider;

/** Who looks; undefined until the first answer is there. */
export function useViewer(): Viewer | undefined {
  return useContext(Looking);
}

/** Whether who looks may do something; false until that is known, so that nothing appears that goes away again. */
export function useMay(...permissions: Permission[]): boolean {
  const viewer = useViewer();
  return viewer !== undefined && may(...permissions)(viewer);
}
