/** Who looks: what the shell's part of a page's document says, and what it lets a person see. */

import { createContext, useContext } from "react";
import type { Viewer } from "../api/shell_asking";

export type { Viewer };
export type Permission = Viewer["permissions"][number];

/** Let those see a page who hold one of these permissions. */
export function may(...permissions: Permission[]): (viewer: Viewer) => boolean {
  return (viewer) => permissions.some((permission) => viewer.permissions.includes(permission));
}

/** Let members of the organisation see a page: it is about themselves. */
export function isMember(viewer: Viewer): boolean {
  return viewer.member !== null;
}

/** Let people see a page about themselves: members, those who were, and customers of the provider, who belong to nothing. */
export function isOneself(viewer: Viewer): boolean {
  return viewer.member !== null || viewer.staffRoles.length === 0;
}

/** Let the provider's privacy team see a page. */
export function isPrivacyTeam(viewer: Viewer): boolean {
  return viewer.isPrivacyTeam;
}

/** Let the provider's operators see a page. */
export function isOperator(viewer: Viewer): boolean {
  return viewer.staffRoles.includes("OPERATOR");
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
