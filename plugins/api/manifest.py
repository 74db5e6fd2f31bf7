"""What an integration declares before anybody installs it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, HttpUrl, StringConstraints, model_validator

from wardship.plugins.api.contract import FIRST_CONTRACT, ContractModel, CountryCode, Settings
from wardship.plugins.api.fields import STANDARD_FIELDS, fields_under
from wardship.plugins.api.oauth import OAuth
from wardship.plugins.api.subjects import FieldName, Identifier, Record, SubjectRef
from wardship.plugins.api.supports import Deadlines, Limits, Supports
from wardship.plugins.api.taxonomy import CategoryKey, PurposeKey, covers, is_special

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,63}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?$")]


class LegalBasis(StrEnum):
    """Why the processing is lawful (GDPR article 6(1))."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    LEGITIMATE_INTEREST = "legitimate_interest"


class Direction(StrEnum):
    """Who moves the data: we send it, the vendor fetches it, or the vendor keeps a copy that we keep equal."""

    PUSH = "push"
    PULL = "pull"
    MIRROR = "mirror"


class Audience(StrEnum):
    """Whose data: the members', only the organisation's named contacts', or the groups'."""

    MEMBERS = "members"
    CONTACTS = "contacts"
    GROUPS = "groups"


class ContactKind(StrEnum):
    """A contact of the organisation that the vendor needs to know."""

    BILLING = "billing"
    TECHNICAL = "technical"
    ADMINISTRATIVE = "administrative"


class Safeguard(StrEnum):
    """What protects data that leaves the person's country (GDPR chapter V)."""

    NONE_NEEDED = "none_needed"
    ADEQUACY = "adequacy"
    STANDARD_CLAUSES = "standard_clauses"
    BINDING_RULES = "binding_rules"
    EXPLICIT_CONSENT = "explicit_consent"


class Vendor(ContractModel):
    """Who receives the data.

    Attributes:
        country: seat of the vendor; None when the organisation itself names the operator at installation.
        privacy_contact: where a person or an administrator writes when the integration can't act.
    """

    legal_name: Words
    country: CountryCode | None = None
    privacy_contact: Words
    policy_url: HttpUrl | None = None
    agreement_url: HttpUrl | None = None


class Recipient(ContractModel):
    """To whom a vendor passes data on, and what protects it there.

    Attributes:
        country: where the data is then; one that an organisation forbids is forbidden here too.
        safeguard: by what the vendor may pass it on to there.
    """

    name: Words
    country: CountryCode
    safeguard: Safeguard


class Receives(ContractModel):
    """One category that the vendor receives, and why.

    Attributes:
        fields: names from ``STANDARD_FIELDS`` that the category covers.
        retention_days: how long the vendor keeps it after the grant has ended.
        onward_recipients: to whom the vendor passes it on; empty for nobody. Plain text only under contract 1.
    """

    category: CategoryKey
    fields: Annotated[tuple[FieldName, ...], Field(min_length=1)]
    purpose: PurposeKey
    legal_basis: LegalBasis
    direction: Direction = Direction.PUSH
    audience: Audience = Audience.MEMBERS
    retention_days: Annotated[int, Field(ge=0, le=36500)]
    onward_recipients: tuple[Recipient | Words, ...] = ()

    @model_validator(mode="after")
    def _fields_belong_to_category(self) -> Self:
        for name in self.fields:
            field = STANDARD_FIELDS.get(name)
            if field is None or not covers(self.category, field.category):
                known = ", ".join(fields_under(self.category)) or "none"
                raise ValueError(f"{name!r} is not a field of {self.category}; its fields are: {known}")
        return self

    @model_validator(mode="after")
    def _special_moves_on_consent(self) -> Self:
        if is_special(self.category) and self.legal_basis is not LegalBasis.CONSENT:
            raise ValueError(f"{self.category} is a special category, so its legal basis must be consent")
        return self


class Provides(ContractModel):
    """One category that comes in from the vendor, labelled with its source."""

    category: CategoryKey
    fields: Annotated[tuple[FieldName, ...], Field(min_length=1)]
    purpose: PurposeKey


class Transfer(ContractModel):
    """Where the vendor stores the data.

    Attributes:
        countries: known in advance.
        country_setting: name of the settings field in which the administrator states the country, for software that
            the organisation runs itself.
    """

    countries: tuple[CountryCode, ...] = ()
    country_setting: FieldName | None = None
    safeguard: Safeguard

    @model_validator(mode="after")
    def _place_is_known(self) -> Self:
        if not self.countries and self.country_setting is None:
            raise ValueError("name the countries in which the data is stored, or the setting that states the country")
        return self


class Fixtures(ContractModel):
    """Test subjects that drive the conformance checks."""

    active: Record
    updated: Record
    closed: SubjectRef


class Manifest(ContractModel):
    """Who the vendor is and what data it receives, why, for how long and where; made without input or output.

    Attributes:
        key: equals the name of the entry point.
        contract: version of the contract that the plugin was written for; 1 where it states none.
        contacts: contacts of the organisation that the vendor receives besides.
        hosts: names (with a port unless 443) that the integration's HTTP client may reach.
        host_settings: settings fields of type URL whose host it may reach too.
        place_settings: settings fields that say, besides ``host_settings``, where data is kept: an account, a list. A
            change of one of these is a move to another place, where nothing has been sent yet; not of a password.
        oauth: the vendor's authorization server, where it demands OAuth 2.0 of us. Of contract 2.
        settings: the form that the administrator fills in; not part of the JSON form.
    """

    key: Key
    name: Words
    version: Words
    contract: int = FIRST_CONTRACT
    vendor: Vendor
    receives: tuple[Receives, ...]
    provides: tuple[Provides, ...] = ()
    contacts: tuple[ContactKind, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    supports: Supports
    deadlines: Deadlines = Deadlines()
    limits: Limits = Limits()
    transfer: Transfer
    hosts: tuple[Host, ...] = ()
    host_settings: tuple[FieldName, ...] = ()
    place_settings: tuple[FieldName, ...] = ()
    oauth: OAuth | None = None
    settings: Annotated[type[Settings], Field(exclude=True)] = Settings
    fixtures: Fixtures | None = None

    @model_validator(mode="after")
    def _no_claim_twice(self) -> Self:
        declared = tuple(
            name if self.contract == FIRST_CONTRACT else f"{name} for {entry.purpose}"
            for entry in self.receives
            for name in entry.fields
        )
        for what, names in (
            ("fields", declared),
            ("identifiers", tuple(str(identifier.type) for identifier in self.identifiers)),
        ):
            if twice := {name for name in names if names.count(name) > 1}:
                raise ValueError(f"{what} declared more than once: {', '.join(sorted(twice))}")
        return self

    @property
    def onward_countries(self) -> tuple[str, ...]:
        """The countries to which the vendor passes data on, as far as it says, each once."""
        onward = (recipient for entry in self.receives for recipient in entry.onward_recipients)
        return tuple(sorted({recipient.country for recipient in onward if isinstance(recipient, Recipient)}))

    @property
    def field_names(self) -> tuple[str, ...]:
        """The names of all fields that the vendor receives, each once."""
        return tuple(dict.fromkeys(name for entry in self.receives for name in entry.fields))

    def declaration_of(self, field: str) -> Receives | None:
        """Return what was declared for a field first, or None when the vendor does not receive it."""
        return next(iter(self.declarations_of(field)), None)

    def declarations_of(self, field: str) -> tuple[Receives, ...]:
        """Return what was declared for a field: an entry for each purpose; empty when the vendor does not receive it.

        Under contract 1 a field is declared for one purpose only.
        """
        return tuple(entry for entry in self.receives if field in entry.fields)
