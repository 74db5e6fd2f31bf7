/** The names of what groups are, and of roles in them. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";

export const KINDS = ["TEAM", "USER_GROUP", "SITE"] as const;
export const GROUP_ROLES = ["MEMBER", "GROUP_ADMIN", "GROUP_OWNER"] as const;
export const VISIBILITIES = ["NAME_ONLY", "CONTACT_DETAILS"] as const;
export const ATTRIBUTES = ["EMAIL_DOMAIN", "DEPARTMENT", "DIVISION", "COST_CENTER", "JOB_TITLE", "COMPANY"] as const;

export type Kind = (typeof KINDS)[number];
export type GroupRole = (typeof GROUP_ROLES)[number];
export type Visibility = (typeof VISIBILITIES)[number];
export type Attribute = (typeof ATTRIBUTES)[number];

export const KIND_NAMES: Record<Kind, MessageDescriptor> = {
  TEAM: msg`Team`,
  USER_GROUP: msg`User group`,
  SITE: msg`Site`,
};

export const GROUP_ROLE_NAMES: Record<GroupRole, MessageDescriptor> = {
  MEMBER: msg`Member`,
  GROUP_ADMIN: msg`Group administrator`,
  GROUP_OWNER: msg`Group owner`,
};

export const VISIBILITY_NAMES: Record<Visibility, MessageDescriptor> = {
  NAME_ONLY: msg`Names only`,
  CONTACT_DETAILS: msg`Names and contact details`,
};

export const ATTRIBUTE_NAMES: Record<Attribute, MessageDescriptor> = {
  EMAIL_DOMAIN: msg`Domain of the e-mail address`,
  DEPARTMENT: msg`Department`,
  DIVISION: msg`Division`,
  COST_CENTER: msg`Cost centre`,
  JOB_TITLE: msg`Job title`,
  COMPANY: msg`Company`,
};
