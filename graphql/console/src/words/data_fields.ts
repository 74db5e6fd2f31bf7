/** What the single data of a person are called: the names in declarations, and how the language says them. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";

const FIELD_NAMES: Record<string, MessageDescriptor> = {
  title: msg`Title`,
  display_name: msg`Name as displayed`,
  first_name: msg`First name`,
  last_name: msg`Last name`,
  job_title: msg`Job title`,
  company: msg`Company`,
  email: msg`E-mail address`,
  phone: msg`Telephone number`,
  postal_address: msg`Postal address`,
  website: msg`Web address`,
  street: msg`Street and house number`,
  city: msg`City`,
  region: msg`State or region`,
  postal_code: msg`Postal code`,
  country: msg`Country`,
  username: msg`Username`,
  picture_url: msg`Picture`,
  language: msg`Language`,
  joined_on: msg`Day of joining`,
};

/** A datum in words; one that is not known stands for itself. */
export function fieldName(i18n: { _: (message: MessageDescriptor) => string }, name: string): string {
  const found = FIELD_NAMES[name];
  return found ? i18n._(found) : name;
}
