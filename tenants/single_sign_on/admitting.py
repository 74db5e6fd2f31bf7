"""Who somebody is here whom the organisation's provider vouches for: known, a new member, or somebody to be asked.

Issuer and subject lead to an account. An address leads to none: where an account has it already, its owner signs in
once with it and says that both are the same person. What a provider says never takes an account over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.accounts.accounts import create_account, find_account, void_claim
from wardship.core.accounts.address import EmailAddress
from wardship.core.accounts.addresses import lock_address
from wardship.core.accounts.events import EventKind
from wardship.core.accounts.tombstones import ErasedAccountError
from wardship.core.actor import Actor, CredentialKind, Role
from wardship.core.errors import PermissionDeniedError
from wardship.core.openid.claims import ProvenIdentity
from wardship.core.openid.erased_identities import is_identity_buried, unbury_identity
from wardship.core.openid.identities import Identity, find_identity, insert_identity, note_identity_use
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.registration import InvalidNameError, checked_name
from wardship.tenants.access import Access
from wardship.tenants.account_claims.policies import policy_for_address
from wardship.tenants.members.fields import members_changed
from wardship.tenants.members.join import join, tell_joined
from wardship.tenants.members.profile import PROFILE_FIELDS
from wardship.tenants.members.tombstones import ErasedAddressError, require_address_not_suppressed
from wardship.tenants.single_sign_on.judging import proven_address
from wardship.tenants.single_sign_on.records import Admission, ProviderRecord

_MEMBERSHIP: Final = (
    "select m.id, m.state, m.account_id, array(select r.role from role_assignment r where r.organisation_id ="
    " m.organisation_id and r.member_id = m.id) as roles from member m where m.organisation_id = $1"
    " and m.state <> 'erased' and (m.account_id = $2 or (m.account_id is null and m.email = $3 and m.email <> ''))"
    " order by m.account_id nulls last for no key update of m"
)
_PLAIN: Final = frozenset({Role.MEMBER.value})


class NotAdmittedError(PermissionDeniedError):
    """The organisation does not take you in by its provider: the message says what its administrator does."""

    code: ClassVar[str] = "NOT_ADMITTED"


class ErasedIdentityError(NotAdmittedError):
    """Who you are at the provider was erased here: be invited, join by your own account, then connect both."""

    code: ClassVar[str] = "IDENTITY_ERASED"

    def __init__(self) -> None:
        super().__init__(
            "Who you are at this provider was erased from this organisation. Its administrator can invite you: register"
            " or sign in with an account of your own, accept the invitation, then sign in here in the same browser and"
            " connect both."
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """A question to the owner of an account: is this you, at the provider?

    Attributes:
        organisation_id: whose provider it is.
        account_id: whose account.
        issuer: who the person is there.
        subject: likewise.
        shown: the address that the provider names, as the question shows it.
        may_join: whether that address is proven and the organisation's, so that who is no member becomes one by it.
    """

    organisation_id: UUID
    account_id: UUID
    issuer: str
    subject: str
    shown: str
    may_join: bool


async def admit_person(
    access: Access, call: Call, provider: ProviderRecord, person: ProvenIdentity, *, asker_id: UUID | None
) -> Identity | Offer:
    """Return who somebody is here; an offer where the owner of an account has to be asked.

    Args:
        access: of the organisation, by nobody yet; its transaction reaches the directory.
        call: the device that asks.
        provider: by which the person comes.
        person: what it says, checked.
        asker_id: the account that began this, signed in by itself: the person shows both at once.

    Raises:
        NotAdmittedError: the membership has ended, or is not one that a provider may begin.
        NoUsableAddressError: the provider names no address that counts here.
        ErasedIdentityError: the person was erased here, or everywhere, and is no member again.
        ErasedAddressError: likewise, and has not registered again.
    """
    known = await find_identity(access.transaction, access.organisation_id, person.issuer, person.subject)
    if known is not None:
        await _require_active(access, known.account_id)
        await note_identity_use(access.transaction, known.id, at=access.now)
        return known
    if asker_id is not None and await _membership_state(access, asker_id) == "active":
        return Offer(access.organisation_id, asker_id, person.issuer, person.subject, person.email, may_join=False)
    await _require_not_erased(access, (person.issuer, person.subject))
    address = await proven_address(access, person)
    await lock_address(access.transaction, address)
    account_id = await find_account(access.transaction, address)
    if account_id is not None:
        await _require_admissible(access, provider, account_id, address)
        return Offer(access.organisation_id, account_id, person.issuer, person.subject, address, may_join=True)
    return await _register(access, call, provider, person, address)


async def connect_identity(access: Access, call: Call, provider: ProviderRecord, offer: Offer) -> Identity | None:
    """Let the provider vouch for an account whose owner, signed in by it, says that both are the same person.

    Who is no member becomes one. None where the provider vouches for another account by now.

    Raises:
        NotAdmittedError: the membership has ended, or is not one that a provider may begin.
        ErasedIdentityError: the person was erased here, and is no member again.
        ErasedAddressError: the person was erased here and has not registered again.
    """
    both = (offer.issuer, offer.subject)
    if offer.may_join:
        await _require_not_erased(access, both)
        await _require_admissible(access, provider, offer.account_id, offer.shown)
    else:
        await _require_active(access, offer.account_id)
    identity = await insert_identity(
        access.transaction,
        offer.account_id,
        access.organisation_id,
        both,
        at=access.now,
    )
    if identity is None:
        return None
    await unbury_identity(access.transaction, access.services.keys, access.organisation_id, both, at=access.now)
    if await _membership_state(access, offer.account_id) != "active":
        await _join(_as(access, offer.account_id), EmailAddress(offer.shown))
    await access.audit("identity.connected", "identity", identity.id)
    name = await access.fetchval("select name from organisation where id = $1")
    await call.record(
        access.transaction, offer.account_id, EventKind.IDENTITY_CONNECTED, organisation_id=access.organisation_id
    )
    await call.notify_all(access.transaction, offer.account_id, f"Sign-in by {name}'s provider was connected with it")
    return identity


async def _register(
    access: Access, call: Call, provider: ProviderRecord, person: ProvenIdentity, address: EmailAddress
) -> Identity:
    """Make an account and a plain membership for somebody new."""
    await _require_admissible(access, provider, None, address)
    try:
        name = checked_name(person.name)
    except InvalidNameError:
        name = address.partition("@")[0]
    await void_claim(access.transaction, address)
    try:
        account_id = await create_account(
            access.transaction, access.services.keys, address, display_name=name, at=access.now
        )
    except ErasedAccountError:
        raise ErasedAddressError from None
    identity = await insert_identity(
        access.transaction, account_id, access.organisation_id, (person.issuer, person.subject), at=access.now
    )
    if identity is None:
        raise NotAdmittedError("Somebody has come by this identity at the same moment: begin again.")
    await _join(_as(access, account_id), address)
    await call.record(access.transaction, account_id, EventKind.REGISTERED, organisation_id=access.organisation_id)
    return identity


async def _require_not_erased(access: Access, person: tuple[str, str]) -> None:
    """Refuse who was erased here: an address that is another by now lets nobody in whom it would bring back."""
    keys = access.services.keys
    if await is_identity_buried(access.transaction, keys, access.organisation_id, person):
        raise ErasedIdentityError


async def _require_active(access: Access, account_id: UUID) -> None:
    if await _membership_state(access, account_id) != "active":
        raise NotAdmittedError("You are no active member of this organisation: ask its administrator.")


async def _require_admissible(access: Access, provider: ProviderRecord, account_id: UUID | None, email: str) -> None:
    """Refuse who was a member and is none, was erased, or would come in with more than a plain membership."""
    await require_address_not_suppressed(access, email)
    row = await access.fetchrow(_MEMBERSHIP, account_id, email)
    if row is None:
        await _require_policy(access, provider, email)
        return
    if row["state"] != "active":
        raise NotAdmittedError("Your membership has ended or is suspended: ask your administrator.")
    if row["account_id"] is None and not set(row["roles"]) <= _PLAIN:
        raise NotAdmittedError(
            "The membership that waits for you has roles, which a provider does not give: accept your invitation."
        )


async def _require_policy(access: Access, provider: ProviderRecord, email: str) -> None:
    """Refuse somebody new unless provider and policy of the address's domain both take such people in."""
    if provider.admits is Admission.MEMBERS:
        raise NotAdmittedError("Nobody has prepared a membership for you here: ask your administrator.")
    policy = await policy_for_address(access.transaction, EmailAddress(email))
    if policy is None or policy.organisation_id != access.organisation_id or not policy.takes_who_is_new:
        raise NotAdmittedError(
            "The policy of your address's domain lets nobody join by it now: an administrator sets it to `join_new`,"
            " proves the domain again, or invites you."
        )


async def _membership_state(access: Access, account_id: UUID) -> str | None:
    """Return the state of an account's membership, which stays as it is until the transaction ends."""
    found: str | None = await access.fetchval(
        "select state from member where organisation_id = $1 and account_id = $2 and state <> 'erased'"
        " for no key update",
        account_id,
    )
    return found


async def _join(access: Access, address: EmailAddress) -> None:
    member_id = await join(access, address)
    await access.audit("member.joined", "member", member_id, by="identity_provider")
    await members_changed(access, [member_id], frozenset(PROFILE_FIELDS) | {"state"})
    await tell_joined(access, member_id, ())


def _as(access: Access, account_id: UUID) -> Access:
    """Return an access by the person, who has no place in the organisation yet."""
    return replace(access, actor=Actor(account_id, access.organisation_id, None, frozenset(), CredentialKind.SESSION))
