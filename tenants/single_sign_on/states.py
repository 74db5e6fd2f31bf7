"""Put a provider in force, make it the only way in, and take both back: by whom, and what follows."""

from __future__ import annotations

from typing import ClassVar, Final
from uuid import UUID

from wardship.core.audit.log import AuditEvent
from wardship.core.errors import ConflictError
from wardship.core.openid.identities import has_identity
from wardship.core.sign_in.bound_sessions import end_bound_sessions
from wardship.core.tokens.tokens import revoke_tokens_of
from wardship.tenants.access import Access
from wardship.tenants.accounts.directory import in_directory
from wardship.tenants.notices import tell_everybody
from wardship.tenants.organisations.states import require_active
from wardship.tenants.single_sign_on.addresses import sign_in_address
from wardship.tenants.single_sign_on.notices import PROVIDER_STATE, SIGN_IN_CHANGES
from wardship.tenants.single_sign_on.read import provider_in_force
from wardship.tenants.single_sign_on.records import COLUMNS, IN_FORCE, TRANSITIONS, ProviderRecord, ProviderState
from wardship.tenants.single_sign_on.registering import lock_own
from wardship.tenants.single_sign_on.telling import tell_of_provider

_S = ProviderState
_UPDATE: Final = (
    "update identity_provider set state = $3, state_since = $4, trouble = null, trouble_since = null"
    " where organisation_id = $1 and id = $2 returning "
)
_CHANGE: Final = _UPDATE + COLUMNS
_NEEDED: Final = {
    ProviderState.TESTED: "what is put in force has been tried at its `testUrl`, and is not in force yet",
    ProviderState.ACTIVE: "what becomes the only way in has been put in force, and is not the only way in yet",
    ProviderState.ENFORCED: "it is not the only way in",
}
"""What has to be so of a provider that is not in the state that an act needs."""

_NOTE_TEST: Final = "update identity_provider set tested_at = $3, tested_by = $4 where organisation_id = $1 and id = $2"


class ProviderStateError(ConflictError):
    """The provider is not in a state from which this can be done: look at its state."""

    code: ClassVar[str] = "PROVIDER_STATE"


class OtherProviderInForceError(ConflictError):
    """People sign in by another provider of the organisation: turn that one off first."""

    code: ClassVar[str] = "OTHER_PROVIDER_IN_FORCE"


class ProviderNotTriedError(ConflictError):
    """You have not signed in by this provider yourself: try it first (`testUrl`), so that nobody is locked out."""

    code: ClassVar[str] = "PROVIDER_NOT_TRIED"


async def activate_provider(access: Access, provider_id: UUID) -> ProviderRecord:
    """Let people sign in by a provider that was tried.

    Raises:
        NotFoundError: absent, or not the caller's to see.
        ProviderStateError: it was not tried since it was entered or changed.
        OtherProviderInForceError: there is one in force.
        OrganisationNotActiveError: the organisation is suspended, or ends.
    """
    provider = await lock_own(access, provider_id)
    await require_active(access)
    _require(provider, _S.TESTED)
    other = await provider_in_force(access)
    if other is not None:
        raise OtherProviderInForceError(f"People sign in by {other.name}: turn that off first.")
    return await _change(access, provider, _S.ACTIVE)


async def enforce_provider(access: Access, provider_id: UUID) -> ProviderRecord:
    """Make a provider the only way in, but for the owner; access tokens of the organisation end.

    Raises:
        NotFoundError: absent, or not the caller's to see.
        ProviderStateError: it is not active.
        ProviderNotTriedError: the caller has not signed in by it.
        OrganisationNotActiveError: the organisation is suspended, or ends.
    """
    provider = await lock_own(access, provider_id)
    await require_active(access)
    _require(provider, _S.ACTIVE)
    await _require_tried(access, provider)
    enforced = await _change(access, provider, _S.ENFORCED)
    await _end_tokens(access)
    link = sign_in_address(access.services.settings, provider.address_key)
    await tell_everybody(access, SIGN_IN_CHANGES, provider=provider.name, link=link)
    return enforced


async def relax_provider(access: Access, provider_id: UUID) -> ProviderRecord:
    """Let people sign in by their own accounts again besides.

    Raises:
        NotFoundError: absent, or not the caller's to see.
        ProviderStateError: it is not enforced.
    """
    provider = await lock_own(access, provider_id)
    _require(provider, _S.ENFORCED)
    return await _change(access, provider, _S.ACTIVE)


async def turn_provider_off(access: Access, provider_id: UUID) -> ProviderRecord:
    """Let nobody sign in by a provider any more; sessions that it has opened end at once.

    Raises:
        NotFoundError: absent, or not the caller's to see.
        ProviderStateError: it is off.
    """
    provider = await lock_own(access, provider_id)
    off = await _change(access, provider, _S.OFF)
    if provider.state in IN_FORCE:
        async with in_directory(access):
            await end_bound_sessions(access.transaction, access.organisation_id)
    return off


async def note_test(access: Access, provider: ProviderRecord) -> None:
    """Note that who manages sign-in has come back from a provider, which is locked: a draft is tested by that."""
    await access.execute(_NOTE_TEST, provider.id, access.now, access.actor.account_id)
    await access.audit("identity_provider.tried", "identity_provider", provider.id)
    if provider.state is _S.DRAFT:
        await access.execute(
            "update identity_provider set state = $3, state_since = $4 where organisation_id = $1 and id = $2",
            provider.id,
            _S.TESTED.value,
            access.now,
        )


async def turn_all_off(access: Access) -> None:
    """Let nobody sign in by any provider of an organisation that ends; nobody is told."""
    await access.execute(
        "update identity_provider set state = 'off', state_since = $2 where organisation_id = $1 and state <> 'off'",
        access.now,
    )
    async with in_directory(access):
        await end_bound_sessions(access.transaction, access.organisation_id)


def _require(provider: ProviderRecord, state: ProviderState) -> None:
    if provider.state is not state:
        raise ProviderStateError(f"This provider is {provider.state.value}: {_NEEDED[state]}.", path=("provider_id",))


async def _require_tried(access: Access, provider: ProviderRecord) -> None:
    async with in_directory(access):
        is_known = await has_identity(
            access.transaction, access.actor.account_id, access.organisation_id, provider.issuer
        )
    if not is_known:
        raise ProviderNotTriedError("Sign in by it yourself first: open its `testUrl`.", path=("provider_id",))


async def _change(access: Access, provider: ProviderRecord, to: ProviderState) -> ProviderRecord:
    if to not in TRANSITIONS[provider.state]:
        raise ProviderStateError(
            f"This provider is {provider.state.value}: it can't become {to.value}.", path=("provider_id",)
        )
    changed = await access.fetchrow_as(ProviderRecord, _CHANGE, provider.id, to.value, access.now)
    await access.audit(f"identity_provider.{to.value}", "identity_provider", provider.id, before=provider.state.value)
    await tell_of_provider(access, PROVIDER_STATE, changed or provider, state=to.value)
    return changed or provider


async def _end_tokens(access: Access) -> None:
    """Revoke the organisation's access tokens, which were made past the provider."""
    rows = await access.fetch("select id from member where organisation_id = $1 and account_id is not null")
    for token_id in await revoke_tokens_of(access.transaction, [row["id"] for row in rows], at=access.now):
        await access.audit_event(AuditEvent("access_token.revoked", "access_token", token_id, purpose="enforced"))
