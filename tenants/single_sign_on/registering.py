"""Enter a provider of sign-in, and change it: what administrators copy out of their provider's console."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.accounts.address import InvalidAddressError, canonical_address
from wardship.core.errors import ConflictError, InvalidInputError
from wardship.core.identifiers import uuid7
from wardship.core.openid.metadata import InvalidIssuerError, checked_issuer
from wardship.core.text import one_line
from wardship.tenants.access import Access
from wardship.tenants.organisations.states import require_active
from wardship.tenants.permissions import Permission
from wardship.tenants.single_sign_on.notices import PROVIDER_CHANGED
from wardship.tenants.single_sign_on.read import find_provider, provider_by_id, provider_not_found
from wardship.tenants.single_sign_on.records import (
    COLUMNS,
    IN_FORCE,
    Admission,
    ProviderRecord,
    ProviderState,
    SecondStep,
)
from wardship.tenants.single_sign_on.telling import tell_of_provider

MOST_PROVIDERS: Final = 10
SEALED_AS: Final = "identity-provider"
_LONGEST_NAME: Final = 80
_LONGEST_ID: Final = 400
_LONGEST_SECRET: Final = 1000
_MOST_LEVELS: Final = 10
_LONGEST_LEVEL: Final = 200

_LOCK: Final = "select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 2041))"
_COUNT: Final = "select count(*) from identity_provider where organisation_id = $1 and state <> 'off'"
_INSERT: Final = (
    "insert into identity_provider (organisation_id, id, created_at, state, state_since, name, issuer, client_id,"
    " client_secret, second_step, acr_values, hosted_domain, admits, address_key)"
    " values ($1, $2, $3, 'draft', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning "
)
_MAKE: Final = _INSERT + COLUMNS
_UPDATE: Final = (
    "update identity_provider set name = $3, issuer = $4, client_id = $5, client_secret = $6, second_step = $7,"
    " acr_values = $8, hosted_domain = $9, admits = $10, trouble = null, trouble_since = null,"
    " state = case when $11 then 'draft' else state end, state_since = case when $11 then $12 else state_since end,"
    " tested_at = case when $11 then null else tested_at end, tested_by = case when $11 then null else tested_by end"
    " where organisation_id = $1 and id = $2 returning "
)
_CHANGE: Final = _UPDATE + COLUMNS


class TooManyProvidersError(ConflictError):
    """The organisation has ten providers of sign-in: change one of them instead."""

    code: ClassVar[str] = "TOO_MANY_PROVIDERS"


class ProviderOffError(ConflictError):
    """The provider was turned off for good: enter another one."""

    code: ClassVar[str] = "PROVIDER_OFF"


class ProviderInForceError(ConflictError):
    """People sign in by this provider: its issuer and client can't change; enter another one, or turn it off first."""

    code: ClassVar[str] = "PROVIDER_IN_FORCE"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderValues:
    """What an administrator enters; ``None`` leaves a value as it is, and is the usual one at first.

    Attributes:
        name: how people of the organisation call it.
        issuer: the provider exactly as it names itself.
        client_id: how it calls this deployment.
        client_secret: what it has given to it.
        second_step: where the second step is taken.
        acr_values: levels of which each is a second factor there.
        hosted_domain: the Google Workspace to which accounts have to belong; empty for other providers.
        admits: whom it may bring that is no member yet.
    """

    name: str | None = None
    issuer: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    second_step: SecondStep | None = None
    acr_values: Sequence[str] | None = None
    hosted_domain: str | None = None
    admits: Admission | None = None


async def create_provider(access: Access, values: ProviderValues) -> ProviderRecord:
    """Enter a provider: a draft, by which nobody signs in before it was tried and put in force.

    Raises:
        PermissionDeniedError: the caller does not manage sign-in.
        StepUpRequiredError: the second factor was not shown a moment ago.
        OrganisationNotActiveError: the organisation is suspended, or ends.
        InvalidIssuerError: that is no issuer.
        InvalidInputError: something else can't be.
        TooManyProvidersError: there are ten.
    """
    require_manager(access)
    await require_active(access)
    provider_id = uuid7()
    checked = _Checked.of(access, provider_id, values)
    await access.transaction.execute(_LOCK, access.organisation_id)
    if await access.fetchval(_COUNT) >= MOST_PROVIDERS:
        raise TooManyProvidersError(f"There are {MOST_PROVIDERS} providers already: change one of them instead.")
    made = await access.fetchrow_as(
        ProviderRecord,
        _MAKE,
        provider_id,
        access.now,
        checked.name,
        checked.issuer,
        checked.client_id,
        checked.client_secret,
        *checked.rules,
        secrets.token_urlsafe(24),
    )
    await access.audit("identity_provider.created", "identity_provider", provider_id)
    if made is None:
        raise provider_not_found()
    await tell_of_provider(access, PROVIDER_CHANGED, made, is_new=True)
    return made


async def update_provider(access: Access, provider_id: UUID, values: ProviderValues) -> ProviderRecord:
    """Change a provider: one that is not in force is a draft again where issuer or client are changed.

    Raises:
        PermissionDeniedError: the caller does not manage sign-in.
        StepUpRequiredError: the second factor was not shown a moment ago.
        NotFoundError: absent, or not the caller's to see.
        ProviderOffError: it was turned off.
        ProviderInForceError: issuer or client would change of one by which people sign in.
        InvalidIssuerError: that is no issuer.
        InvalidInputError: something else can't be.
    """
    before = await lock_own(access, provider_id)
    if before.state is ProviderState.OFF:
        raise ProviderOffError("This provider was turned off: enter another one.", path=("provider_id",))
    checked = _Checked.of(access, provider_id, values, before)
    is_another = (checked.issuer, checked.client_id) != (before.issuer, before.client_id)
    if is_another and before.state in IN_FORCE:
        raise ProviderInForceError("People sign in by it: enter the other one beside it, or turn it off first.")
    becomes_draft = is_another and before.state is ProviderState.TESTED
    changed = await access.fetchrow_as(
        ProviderRecord,
        _CHANGE,
        provider_id,
        checked.name,
        checked.issuer,
        checked.client_id,
        checked.client_secret,
        *checked.rules,
        becomes_draft,
        access.now,
    )
    await access.audit("identity_provider.updated", "identity_provider", provider_id, draft=becomes_draft)
    await tell_of_provider(access, PROVIDER_CHANGED, changed or before, is_new=False)
    return changed or before


async def lock_own(access: Access, provider_id: UUID) -> ProviderRecord:
    """Return a provider that the caller manages, having shown the second factor, locked.

    Raises:
        PermissionDeniedError: the caller does not manage sign-in.
        StepUpRequiredError: the second factor was not shown a moment ago.
        NotFoundError: absent, or not the caller's to see.
    """
    await provider_by_id(access, provider_id)
    require_manager(access)
    provider = await find_provider(access, provider_id, lock="for update")
    if provider is None:
        raise provider_not_found()
    return provider


def require_manager(access: Access) -> None:
    """Refuse who does not manage sign-in, or has not just shown the second factor.

    Raises:
        PermissionDeniedError: as it says.
        StepUpRequiredError: likewise.
    """
    access.require(Permission.SINGLE_SIGN_ON_MANAGE)
    access.require_step_up()


@dataclass(frozen=True, slots=True)
class _Checked:
    name: str
    issuer: str
    client_id: str
    client_secret: bytes
    second_step: SecondStep
    acr_values: list[str]
    hosted_domain: str
    admits: Admission

    @property
    def rules(self) -> tuple[str, list[str], str, str]:
        return self.second_step.value, self.acr_values, self.hosted_domain, self.admits.value

    @classmethod
    def of(
        cls, access: Access, provider_id: UUID, values: ProviderValues, before: ProviderRecord | None = None
    ) -> _Checked:
        kept = before.client_secret if before is not None else None
        return cls(
            name=_line(values.name, "name", before.name if before else None, _LONGEST_NAME),
            issuer=_issuer(access, values.issuer, before),
            client_id=_line(values.client_id, "client_id", before.client_id if before else None, _LONGEST_ID),
            client_secret=_secret(access, provider_id, values.client_secret, kept),
            second_step=values.second_step or (before.second_step if before else SecondStep.OWN),
            acr_values=_levels(values.acr_values, before.acr_values if before else []),
            hosted_domain=_hosted_domain(access, values.hosted_domain, before.hosted_domain if before else ""),
            admits=values.admits or (before.admits if before else Admission.MEMBERS),
        )


def _line(value: str | None, name: str, before: str | None, most: int) -> str:
    return before if value is None and before is not None else one_line(value or "", name, least=1, most=most)


def _issuer(access: Access, value: str | None, before: ProviderRecord | None) -> str:
    if value is None and before is not None:
        return before.issuer
    try:
        return checked_issuer(value or "", development=access.services.settings.development)
    except InvalidIssuerError as error:
        raise InvalidIssuerError(error.message, path=("issuer",)) from None


def _secret(access: Access, provider_id: UUID, value: str | None, kept: bytes | None) -> bytes:
    """Return the secret encrypted, for this provider's row alone."""
    if value is None and kept is not None:
        return kept
    text = (value or "").strip()
    if not 0 < len(text) <= _LONGEST_SECRET or not text.isascii() or not text.isprintable():
        raise InvalidInputError("Enter the secret that the provider shows for this client.", path=("client_secret",))
    return access.services.keys.encrypt(
        SEALED_AS, text.encode(), bound_to=access.organisation_id.bytes + provider_id.bytes
    )


def _levels(values: Sequence[str] | None, before: list[str]) -> list[str]:
    if values is None:
        return before
    if len(values) > _MOST_LEVELS or any(
        not 0 < len(level) <= _LONGEST_LEVEL or not level.isascii() or not level.isprintable() or " " in level
        for level in values
    ):
        raise InvalidInputError(f"Give at most {_MOST_LEVELS} levels, each without spaces.", path=("acr_values",))
    return list(dict.fromkeys(values))


def _hosted_domain(access: Access, value: str | None, before: str) -> str:
    if value is None:
        return before
    if not value.strip():
        return ""
    try:
        address = canonical_address(f"one@{value.strip()}", access.services.settings.internal_domains)
    except InvalidAddressError:
        raise InvalidInputError("Give the Workspace's domain, such as example.org.", path=("hosted_domain",)) from None
    return address.rpartition("@")[2]
