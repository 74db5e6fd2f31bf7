"""Declarations as the API shows them: what an integration receives, why, where, and how it is taken back."""

from __future__ import annotations

from collections.abc import Sequence

import strawberry

from wardship.graphql.api.types import object_type
from wardship.graphql.engine import field
from wardship.plugins.api import (
    Audience,
    Direction,
    LegalBasis,
    Manifest,
    Provides,
    Receives,
    Recipient,
    RevocationPlan,
    Section,
    plain_words,
    recipient_words,
)
from wardship.plugins.api.plain_words import Message
from wardship.plugins.api.taxonomy import CATEGORIES, PURPOSES, is_special
from wardship.plugins.host.differences import Difference, DifferenceKind, Effect
from wardship.plugins.host.registry import Form
from wardship.tenants.declarations import declaration_digest
from wardship.tenants.installations.declarations import AvailableIntegration as Available
from wardship.tenants.installations.declarations import SettingField as FormField

strawberry.enum(LegalBasis, name="LegalBasis", description="Why a processing is lawful.")
strawberry.enum(Direction, name="DataDirection", description="Who moves the data.")
strawberry.enum(Audience, name="DataAudience", description="Whose data it is.")
strawberry.enum(Form, name="IntegrationForm", description="By what an integration is here.")
strawberry.enum(DifferenceKind, name="DifferenceKind", description="In what respect a declaration is another.")
strawberry.enum(
    Effect,
    name="DifferenceEffect",
    description="Whether a new declaration takes more or gives less, takes less or gives more, or neither.",
)


def category_label(key: str) -> str:
    """Return a data category in words."""
    return CATEGORIES[key].label


def purpose_label(key: str) -> str:
    """Return a purpose in words."""
    return PURPOSES[key].label


def as_json(message: Message) -> str:
    """Return a message for programs that say it in another language."""
    return message.as_json


def _each_as_json(messages: Sequence[Message]) -> list[str]:
    return [message.as_json for message in messages]


def _in_words(recipients: Sequence[Recipient | str]) -> list[str]:
    return [recipient_words(each) for each in recipients]


@object_type(Section)
class DeclarationSection:
    """One heading of a declaration in plain words."""

    title: str = field("The heading.")
    lines: list[str] = field("Its sentences.")
    title_message: str = field(
        "The heading by its id in the catalogue of `docs/vendors/plain-words.md`, as JSON, for other languages.",
        source="heading",
        convert=as_json,
    )
    messages: list[str] = field(
        "Each sentence by its id in that catalogue and what is put into it, as JSON.",
        source="sentences",
        convert=_each_as_json,
    )


@object_type(Receives)
class DeclaredCategory:
    """One category that an integration receives, and why."""

    category: str = field("Key of the data category.")
    category_label: str = field("The category in words.", source="category", convert=category_label)
    purpose: str = field("Key of the purpose.")
    purpose_label: str = field("The purpose in words.", source="purpose", convert=purpose_label)
    fields: list[str] = field("Names of the data in it.")
    legal_basis: LegalBasis = field("Why it is lawful.")
    direction: Direction = field("Who moves it.")
    audience: Audience = field("Whose data it is.")
    retention_days: int = field("Days that the vendor keeps it after the grant has ended.")
    onward_recipients: list[str] = field(
        "To whom the vendor passes it on, with the country and the safeguard where they are declared.",
        source="onward_recipients",
        convert=_in_words,
    )
    is_special: bool = field(
        "Whether it is specially protected, so that it moves on consent only.", source="category", convert=is_special
    )


@object_type(Provides)
class ProvidedCategory:
    """One category that an integration sends here, and why."""

    category: str = field("Key of the data category.")
    category_label: str = field("The category in words.", source="category", convert=category_label)
    purpose: str = field("Key of the purpose.")
    purpose_label: str = field("The purpose in words.", source="purpose", convert=purpose_label)
    fields: list[str] = field("Names of the data in it.")
    is_special: bool = field(
        "Whether it is specially protected, so that it comes in on consent only.", source="category", convert=is_special
    )


@object_type(FormField)
class SettingField:
    """A field of the form that is filled in at installation."""

    name: str = field("Its name, as it is sent back.")
    title: str = field("Its label.")
    description: str = field("What to enter.")
    json_type: str = field("Its type as in JSON Schema.")
    is_required: bool = field("Whether it must be filled in.")
    is_secret: bool = field("Whether it is kept encrypted and never shown again.")
    choices: list[str] = field("The values of which it has one; empty where it is free.")
    default: str = field("What holds when it is left out; empty for nothing.")


@object_type()
class Declaration:
    """What an integration declares: to be read before it is accepted."""

    digest: str = field("Names exactly this declaration; send it back to accept it.")
    headline: str = field("Whom the data goes to, in one sentence.")
    text: str = field("The whole declaration in plain words.")
    sections: Sequence[Section] = field(
        "The same, heading by heading.", cost=1, size=8, graphql_type=list[DeclarationSection]
    )
    receives: Sequence[Receives] = field(
        "What it receives, entry by entry.", cost=1, size=8, graphql_type=list[DeclaredCategory]
    )
    provides: Sequence[Provides] = field(
        "What it sends here, entry by entry; each is granted like what it receives.",
        cost=1,
        size=4,
        graphql_type=list[ProvidedCategory],
    )
    countries: list[str] = field("ISO codes of the countries in which the vendor stores data.")
    safeguard: str = field("What protects the data there.")
    vendor_name: str = field("Legal name of the vendor.")
    privacy_contact: str = field("Whom to ask about privacy at the vendor.")


@object_type(Difference)
class DeclarationDifference:
    """One respect in which a new declaration is another than the one before."""

    kind: DifferenceKind = field("In what respect.")
    effect: Effect = field("Whether it takes more, which an administrator approves.")
    what: str = field("What is different, in words.")
    before: str = field("What was declared, in words; empty for nothing.", source="was")
    after: str = field("What is declared now, in words; empty for nothing.", source="is_now")
    sentence: str = field("The whole difference in a sentence.")
    message: str = field(
        "The same by its id in the catalogue of `docs/vendors/plain-words.md`, as JSON, for other languages.",
        convert=as_json,
    )


@object_type()
class AvailableIntegration:
    """An integration that this deployment offers."""

    key: str = field("Its key.")
    name: str = field("Its name; the key where it could not be loaded.")
    version: str = field("Its version; empty where it could not be loaded.")
    form: Form = field("Whether it is a package on this server, or its vendor's own server.")
    failure: str | None = field("Why it could not be loaded; null when it can be installed.")
    declaration: Declaration | None = field("What it declares; null when it could not be loaded.", cost=1)
    settings: Sequence[FormField] = field(
        "The form to fill in at installation.", cost=1, size=8, graphql_type=list[SettingField]
    )


def available_of(item: Available) -> AvailableIntegration:
    """Return an integration of the domain as the API shows it."""
    return AvailableIntegration(
        key=item.key,
        name=item.manifest.name if item.manifest else item.key,
        version=item.manifest.version if item.manifest else "",
        form=item.form,
        failure=item.failure,
        declaration=declaration_of(item.manifest, item.plan) if item.manifest and item.plan else None,
        settings=item.fields,
    )


def declaration_of(manifest: Manifest, plan: RevocationPlan) -> Declaration:
    """Return a declaration as the API shows it."""
    words = plain_words(manifest, plan)
    return Declaration(
        digest=declaration_digest(manifest, plan).hex(),
        headline=words.headline,
        text=words.text,
        sections=words.sections,
        receives=manifest.receives,
        provides=manifest.provides,
        countries=list(manifest.transfer.countries),
        safeguard=manifest.transfer.safeguard.value,
        vendor_name=manifest.vendor.legal_name,
        privacy_contact=manifest.vendor.privacy_contact,
    )
