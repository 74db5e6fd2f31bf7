"""Declarations as the API shows them: what an integration receives, why, where, and how it is taken back."""

from __future__ import annotations

import strawberry

import wardship.graphql.integrations.enums  # noqa: F401 - names the enumerations before they are used
from wardship.graphql.engine import field
from wardship.plugins.api import Audience, Direction, LegalBasis, Manifest, RevocationPlan, plain_words
from wardship.plugins.api.taxonomy import CATEGORIES, PURPOSES, is_special
from wardship.plugins.host import Difference, WideningKind
from wardship.tenants.installations.declarations import AvailableIntegration as Available
from wardship.tenants.installations.declarations import SettingField as FormField
from wardship.tenants.installations.declarations import declaration_digest


@strawberry.type(description="One heading of a declaration in plain words.")
class DeclarationSection:
    """A section."""

    title: str = field(description="The heading.")
    lines: list[str] = field(description="Its sentences.")


@strawberry.type(description="One category that an integration receives, and why.")
class DeclaredCategory:
    """An entry of a declaration; category and purpose together can be granted."""

    category: str = field(description="Key of the data category.")
    category_label: str = field(description="The category in words.")
    purpose: str = field(description="Key of the purpose.")
    purpose_label: str = field(description="The purpose in words.")
    fields: list[str] = field(description="Names of the data in it.")
    legal_basis: LegalBasis = field(description="Why it is lawful.")
    direction: Direction = field(description="Who moves it.")
    audience: Audience = field(description="Whose data it is.")
    retention_days: int = field(description="Days that the vendor keeps it after the grant has ended.")
    onward_recipients: list[str] = field(description="To whom the vendor passes it on.")
    is_special: bool = field(description="Whether it is specially protected, so that it moves on consent only.")


@strawberry.type(description="A field of the form that is filled in at installation.")
class SettingField:
    """A field of the settings form."""

    name: str = field(description="Its name, as it is sent back.")
    title: str = field(description="Its label.")
    description: str = field(description="What to enter.")
    json_type: str = field(description="Its type as in JSON Schema.")
    is_required: bool = field(description="Whether it must be filled in.")
    is_secret: bool = field(description="Whether it is kept encrypted and never shown again.")
    default: str = field(description="What holds when it is left out; empty for nothing.")


@strawberry.type(description="What an integration declares: to be read before it is accepted.")
class Declaration:
    """A declaration."""

    digest: str = field(description="Names exactly this declaration; send it back to accept it.")
    headline: str = field(description="Whom the data goes to, in one sentence.")
    text: str = field(description="The whole declaration in plain words.")
    sections: list[DeclarationSection] = field(cost=1, size=8, description="The same, heading by heading.")
    receives: list[DeclaredCategory] = field(cost=1, size=8, description="What it receives, entry by entry.")
    countries: list[str] = field(description="ISO codes of the countries in which the vendor stores data.")
    safeguard: str = field(description="What protects the data there.")
    vendor_name: str = field(description="Legal name of the vendor.")
    privacy_contact: str = field(description="Whom to ask about privacy at the vendor.")


@strawberry.type(description="One respect in which a new declaration takes more than the approved one.")
class DeclarationDifference:
    """A difference."""

    kind: WideningKind = field(description="In what respect.")
    what: str = field(description="Which field, host, recipient or deadline.")
    before: str = field(description="What was approved; empty for nothing.")
    after: str = field(description="What is wanted.")


@strawberry.type(description="An integration that this deployment offers.")
class AvailableIntegration:
    """An integration, loaded or not."""

    key: str = field(description="Its key.")
    name: str = field(description="Its name; the key where it could not be loaded.")
    version: str = field(description="Its version; empty where it could not be loaded.")
    failure: str | None = field(description="Why it could not be loaded; null when it can be installed.")
    declaration: Declaration | None = field(cost=1, description="What it declares; null when it could not be loaded.")
    settings: list[SettingField] = field(cost=1, size=8, description="The form to fill in at installation.")


def available_of(item: Available) -> AvailableIntegration:
    """Return an integration of the domain as the API shows it."""
    return AvailableIntegration(
        key=item.key,
        name=item.manifest.name if item.manifest else item.key,
        version=item.manifest.version if item.manifest else "",
        failure=item.failure,
        declaration=declaration_of(item.manifest, item.plan) if item.manifest and item.plan else None,
        settings=[_setting(each) for each in item.fields],
    )


def declaration_of(manifest: Manifest, plan: RevocationPlan) -> Declaration:
    """Return a declaration as the API shows it."""
    words = plain_words(manifest, plan)
    return Declaration(
        digest=declaration_digest(manifest, plan).hex(),
        headline=words.headline,
        text=words.text,
        sections=[DeclarationSection(title=section.title, lines=list(section.lines)) for section in words.sections],
        receives=[
            DeclaredCategory(
                category=entry.category,
                category_label=CATEGORIES[entry.category].label,
                purpose=entry.purpose,
                purpose_label=PURPOSES[entry.purpose].label,
                fields=list(entry.fields),
                legal_basis=entry.legal_basis,
                direction=entry.direction,
                audience=entry.audience,
                retention_days=entry.retention_days,
                onward_recipients=list(entry.onward_recipients),
                is_special=is_special(entry.category),
            )
            for entry in manifest.receives
        ],
        countries=list(manifest.transfer.countries),
        safeguard=manifest.transfer.safeguard.value,
        vendor_name=manifest.vendor.legal_name,
        privacy_contact=manifest.vendor.privacy_contact,
    )


def difference_of(difference: Difference) -> DeclarationDifference:
    """Return a difference as the API shows it."""
    return DeclarationDifference(
        kind=difference.kind, what=difference.what, before=difference.before, after=difference.after
    )


def _setting(form: FormField) -> SettingField:
    return SettingField(
        name=form.name,
        title=form.title,
        description=form.description,
        json_type=form.json_type,
        is_required=form.is_required,
        is_secret=form.is_secret,
        default=form.default,
    )
