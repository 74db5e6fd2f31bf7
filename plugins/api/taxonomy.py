"""Data categories, purposes and subjects: our subset of the Fides language taxonomy, in plain words.

Keys are those of ``fideslang`` (https://github.com/ethyca/fideslang), compared by a test. A key covers those below it:
``user.contact`` covers ``user.contact.email``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import AfterValidator


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the taxonomy.

    Attributes:
        key: dotted Fides key.
        label: what a person reads, fit for the middle of a sentence.
        special: a special category (GDPR articles 9 and 10); ask ``is_special``, which looks above and below too.
    """

    key: str
    label: str
    special: bool = False


def _index(*terms: Term) -> Mapping[str, Term]:
    return MappingProxyType({term.key: term for term in terms})


CATEGORIES: Final = _index(
    Term("user.name", "name and title"),
    Term("user.name.first", "first name"),
    Term("user.name.last", "last name"),
    Term("user.job_title", "job title"),
    Term("user.workplace", "place of work"),
    Term("user.contact", "contact details"),
    Term("user.contact.email", "e-mail address"),
    Term("user.contact.phone_number", "telephone number"),
    Term("user.contact.organization", "company"),
    Term("user.contact.url", "web address"),
    Term("user.contact.address", "postal address"),
    Term("user.contact.address.street", "street and house number"),
    Term("user.contact.address.city", "city"),
    Term("user.contact.address.state", "state or region"),
    Term("user.contact.address.postal_code", "postal code"),
    Term("user.contact.address.country", "country"),
    Term("user.account", "account details"),
    Term("user.account.username", "username"),
    Term("user.account.settings", "settings and preferences"),
    Term("user.authorization", "means of signing in"),
    Term("user.authorization.credentials", "credentials"),
    Term("user.authorization.password", "password"),
    Term("user.unique_id", "identifier of the account"),
    Term("user.unique_id.pseudonymous", "pseudonym"),
    Term("user.content", "content shared"),
    Term("user.content.private", "private messages and files"),
    Term("user.content.public", "published content"),
    Term("user.content.self_image", "picture"),
    Term("user.behavior", "usage"),
    Term("user.behavior.browsing_history", "pages visited"),
    Term("user.behavior.purchase_history", "transactions"),
    Term("user.behavior.search_history", "searches made"),
    Term("user.device", "device"),
    Term("user.device.cookie", "cookies"),
    Term("user.device.cookie_id", "cookie identifier"),
    Term("user.device.device_id", "device identifier"),
    Term("user.device.ip_address", "IP address"),
    Term("user.telemetry", "log and metadata"),
    Term("user.location", "location"),
    Term("user.location.imprecise", "approximate location"),
    Term("user.location.precise", "precise location"),
    Term("user.payment", "payment details"),
    Term("user.financial", "billing details"),
    Term("user.financial.bank_account", "bank account"),
    Term("user.financial.credit_card", "payment card"),
    Term("user.government_id", "official identity numbers"),
    Term("user.privacy_preferences", "privacy choices"),
    Term("user.social", "social network activity"),
    Term("user.demographic", "demographic data"),
    Term("user.demographic.age_range", "age range"),
    Term("user.demographic.date_of_birth", "date of birth"),
    Term("user.demographic.gender", "gender"),
    Term("user.demographic.language", "language"),
    Term("user.demographic.profile", "inferred profile"),
    Term("user.demographic.political_opinion", "political opinion", special=True),
    Term("user.demographic.race_ethnicity", "ethnic origin", special=True),
    Term("user.demographic.religious_belief", "religious belief", special=True),
    Term("user.demographic.sexual_orientation", "sexual orientation", special=True),
    Term("user.health_and_medical", "health", special=True),
    Term("user.health_and_medical.genetic", "genetic data", special=True),
    Term("user.biometric", "biometric data", special=True),
    Term("user.criminal_history", "convictions", special=True),
)

PURPOSES: Final = _index(
    Term("essential.service", "provide the service"),
    Term("essential.service.authentication", "sign people in"),
    Term("essential.service.notifications", "send messages about the service"),
    Term("essential.service.notifications.email", "send e-mail about the service"),
    Term("essential.service.notifications.sms", "send text messages about the service"),
    Term("essential.service.operations", "run the service"),
    Term("essential.service.operations.support", "give support"),
    Term("essential.service.operations.improve", "improve the service"),
    Term("essential.service.payment_processing", "process payments"),
    Term("essential.service.security", "keep the service secure"),
    Term("essential.fraud_detection", "detect fraud"),
    Term("essential.legal_obligation", "meet a legal duty"),
    Term("functional.service", "offer a feature that was asked for"),
    Term("functional.service.improve", "improve a feature"),
    Term("functional.storage", "store settings"),
    Term("analytics", "measure usage"),
    Term("analytics.reporting", "report on usage"),
    Term("personalize", "adapt what people see"),
    Term("personalize.content", "adapt content"),
    Term("marketing", "market"),
    Term("marketing.advertising", "advertise"),
    Term("marketing.advertising.profiling", "advertise by profile"),
    Term("marketing.communications", "send marketing messages"),
    Term("marketing.communications.email", "send marketing e-mail"),
    Term("marketing.communications.sms", "send marketing text messages"),
    Term("operations", "run the organisation"),
    Term("employment", "administer employment"),
    Term("sales", "sell"),
    Term("third_party_sharing", "pass data on to third parties"),
    Term("third_party_sharing.legal_obligation", "pass data on where a law demands it"),
)

SUBJECTS: Final = _index(
    Term("customer", "customers"),
    Term("employee", "employees"),
    Term("prospect", "people who may become customers"),
    Term("consultant", "consultants"),
    Term("supplier_vendor", "suppliers"),
    Term("visitor", "visitors"),
    Term("anonymous_user", "unnamed users"),
)

MARKETING: Final = "marketing"
"""The purpose at the head of all marketing purposes: an objection to it is final (GDPR article 21(3))."""


def covers(key: str, other: str) -> bool:
    """Tell whether a key of the taxonomy is another or stands above it."""
    return other == key or other.startswith(f"{key}.")


def is_special(category: str) -> bool:
    """Tell whether a category is special, or stands above one that is."""
    return any(term.special and (covers(key, category) or covers(category, key)) for key, term in CATEGORIES.items())


def _known_category(key: str) -> str:
    if key not in CATEGORIES:
        raise ValueError(f"{key!r} is not a data category; see wardship.plugins.api.taxonomy.CATEGORIES")
    return key


def _known_purpose(key: str) -> str:
    if key not in PURPOSES:
        raise ValueError(f"{key!r} is not a purpose; see wardship.plugins.api.taxonomy.PURPOSES")
    return key


CategoryKey = Annotated[str, AfterValidator(_known_category)]
PurposeKey = Annotated[str, AfterValidator(_known_purpose)]
