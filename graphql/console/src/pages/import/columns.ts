/** What an import takes of a person, and by which titles spreadsheets call it. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";

export const TARGETS = [
  "email",
  "displayName",
  "title",
  "firstName",
  "lastName",
  "jobTitle",
  "company",
  "username",
  "phone",
  "postalAddress",
  "pictureUrl",
] as const;
export type Target = (typeof TARGETS)[number];

export const TARGET_NAMES: Record<Target, MessageDescriptor> = {
  email: msg`E-mail address`,
  displayName: msg`Name`,
  title: msg`Title`,
  firstName: msg`First name`,
  lastName: msg`Last name`,
  jobTitle: msg`Job title`,
  company: msg`Company`,
  username: msg`Username`,
  phone: msg`Telephone`,
  postalAddress: msg`Postal address`,
  pictureUrl: msg`Address of a picture`,
};

/** Titles in files, in English and German, with letters and digits alone. */
const TITLES: Record<string, Target> = {
  email: "email",
  emailaddress: "email",
  mail: "email",
  emailadresse: "email",
  mailadresse: "email",
  displayname: "displayName",
  name: "displayName",
  fullname: "displayName",
  anzeigename: "displayName",
  title: "title",
  titel: "title",
  firstname: "firstName",
  givenname: "firstName",
  vorname: "firstName",
  lastname: "lastName",
  surname: "lastName",
  familyname: "lastName",
  nachname: "lastName",
  jobtitle: "jobTitle",
  position: "jobTitle",
  stelle: "jobTitle",
  funktion: "jobTitle",
  company: "company",
  firma: "company",
  unternehmen: "company",
  username: "username",
  benutzername: "username",
  phone: "phone",
  phonenumber: "phone",
  telephone: "phone",
  telefon: "phone",
  postaladdress: "postalAddress",
  address: "postalAddress",
  anschrift: "postalAddress",
  adresse: "postalAddress",
  pictureurl: "pictureUrl",
};

/** What each column of a file is taken for, at first: by its title, each target once; the rest is left out. */
export function guessed(titles: readonly string[]): (Target | null)[] {
  const taken = new Set<Target>();
  return titles.map((title) => {
    const target = TITLES[title.normalize("NFKC").toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "")];
    if (!target || taken.has(target)) return null;
    taken.add(target);
    return target;
  });
}
