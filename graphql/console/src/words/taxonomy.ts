/** Categories of personal data and purposes, as the language calls them; the API's own labels are English. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";

const CATEGORIES: Record<string, MessageDescriptor> = {
  "user.name": msg`name and title`,
  "user.name.first": msg`first name`,
  "user.name.last": msg`last name`,
  "user.job_title": msg`job title`,
  "user.workplace": msg`place of work`,
  "user.contact": msg`contact details`,
  "user.contact.email": msg`e-mail address`,
  "user.contact.phone_number": msg`telephone number`,
  "user.contact.organization": msg`company`,
  "user.contact.url": msg`web address`,
  "user.contact.address": msg`postal address`,
  "user.contact.address.street": msg`street and house number`,
  "user.contact.address.city": msg`city`,
  "user.contact.address.state": msg`state or region`,
  "user.contact.address.postal_code": msg`postal code`,
  "user.contact.address.country": msg`country`,
  "user.account": msg`account details`,
  "user.account.username": msg`username`,
  "user.account.settings": msg`settings and preferences`,
  "user.authorization": msg`means of signing in`,
  "user.authorization.credentials": msg`credentials`,
  "user.authorization.password": msg`password`,
  "user.unique_id": msg`identifier of the account`,
  "user.unique_id.pseudonymous": msg`pseudonym`,
  "user.content": msg`content shared`,
  "user.content.private": msg`private messages and files`,
  "user.content.public": msg`published content`,
  "user.content.self_image": msg`picture`,
  "user.behavior": msg`usage`,
  "user.behavior.browsing_history": msg`pages visited`,
  "user.behavior.purchase_history": msg`transactions`,
  "user.behavior.search_history": msg`searches made`,
  "user.device": msg`device`,
  "user.device.cookie": msg`cookies`,
  "user.device.cookie_id": msg`cookie identifier`,
  "user.device.device_id": msg`device identifier`,
  "user.device.ip_address": msg`IP address`,
  "user.telemetry": msg`log and metadata`,
  "user.location": msg`location`,
  "user.location.imprecise": msg`approximate location`,
  "user.location.precise": msg`precise location`,
  "user.payment": msg`payment details`,
  "user.financial": msg`billing details`,
  "user.financial.bank_account": msg`bank account`,
  "user.financial.credit_card": msg`payment card`,
  "user.government_id": msg`official identity numbers`,
  "user.privacy_preferences": msg`privacy choices`,
  "user.social": msg`social network activity`,
  "user.demographic": msg`demographic data`,
  "user.demographic.age_range": msg`age range`,
  "user.demographic.date_of_birth": msg`date of birth`,
  "user.demographic.gender": msg`gender`,
  "user.demographic.language": msg`language`,
  "user.demographic.profile": msg`inferred profile`,
  "user.demographic.political_opinion": msg`political opinion`,
  "user.demographic.race_ethnicity": msg`ethnic origin`,
  "user.demographic.religious_belief": msg`religious belief`,
  "user.demographic.sexual_orientation": msg`sexual orientation`,
  "user.health_and_medical": msg`health`,
  "user.health_and_medical.genetic": msg`genetic data`,
  "user.biometric": msg`biometric data`,
  "user.criminal_history": msg`convictions`,
};

const PURPOSES: Record<string, MessageDescriptor> = {
  "essential.service": msg`provide the service`,
  "essential.service.authentication": msg`sign people in`,
  "essential.service.notifications": msg`send messages about the service`,
  "essential.service.notifications.email": msg`send e-mail about the service`,
  "essential.service.notifications.sms": msg`send text messages about the service`,
  "essential.service.operations": msg`run the service`,
  "essential.service.operations.support": msg`give support`,
  "essential.service.operations.improve": msg`improve the service`,
  "essential.service.payment_processing": msg`process payments`,
  "essential.service.security": msg`keep the service secure`,
  "essential.fraud_detection": msg`detect fraud`,
  "essential.legal_obligation": msg`meet a legal duty`,
  "functional.service": msg`offer a feature that was asked for`,
  "functional.service.improve": msg`improve a feature`,
  "functional.storage": msg`store settings`,
  "analytics": msg`measure usage`,
  "analytics.reporting": msg`report on usage`,
  "personalize": msg`adapt what people see`,
  "personalize.content": msg`adapt content`,
  "marketing": msg`market`,
  "marketing.advertising": msg`advertise`,
  "marketing.advertising.profiling": msg`advertise by profile`,
  "marketing.communications": msg`send marketing messages`,
  "marketing.communications.email": msg`send marketing e-mail`,
  "marketing.communications.sms": msg`send marketing text messages`,
  "operations": msg`run the organisation`,
  "employment": msg`administer employment`,
  "sales": msg`sell`,
  "third_party_sharing": msg`pass data on to third parties`,
  "third_party_sharing.legal_obligation": msg`pass data on where a law demands it`,
};

interface Language {
  _: (message: MessageDescriptor) => string;
}

/** A category in words, fit for the middle of a sentence; a key that is not known stands for itself. */
export function categoryName(i18n: Language, key: string): string {
  return nameIn(CATEGORIES, i18n, key);
}

/** A purpose in words, fit for the middle of a sentence. */
export function purposeName(i18n: Language, key: string): string {
  return nameIn(PURPOSES, i18n, key);
}

function nameIn(names: Record<string, MessageDescriptor>, i18n: Language, key: string): string {
  const name = names[key];
  return name ? i18n._(name) : key;
}

/** With a capital letter, where it begins a line. */
export function capital(text: string, locale: string): string {
  const [first = "", ...rest] = text;
  return first.toLocaleUpperCase(locale) + rest.join("");
}
