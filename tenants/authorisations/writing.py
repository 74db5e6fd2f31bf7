"""Write authorisations: each statement follows the table of their states."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.authorisations.authorization_server import AuthorizationServer, GivenTokens
from wardship.tenants.authorisations.records import (
    TRANSITIONS,
    AuthorisationRecord,
    AuthorisationState,
    seal_tokens,
)
from wardship.tenants.installations.records import InstallationRecord

_S = AuthorisationState
_UPDATE: Final = "update place_authorisation set"


def _transition_sql(to: AuthorisationState, where: str, changes: str = "") -> str:
    """Return the statement of a transition; ``$1`` is the organisation and ``$2`` the present."""
    start = ", ".join(f"'{state}'" for state, following in TRANSITIONS.items() if to in following)
    return " ".join(
        (
            f"{_UPDATE} state = '{to}', changed_at = $2{changes}",
            f"where organisation_id = $1 and state in ({start}) and {where}",
        )
    )


_INSERT: Final = (
    "insert into place_authorisation (organisation_id, created_at, changed_at, id, installation_id, place_id, state,"
    " connected_by, client_id, account_key, oauth, tokens, expires_at)"
    " values ($1, $2, $2, $3, $4, $5, 'connected', $6, $7, $8, $9, $10, $11)"
)
_SUPERSEDE: Final = _transition_sql(_S.SUPERSEDED, "place_id = $3")
_RENEW: Final = (
    "update place_authorisation set tokens = $3, expires_at = $4, client_id = $5"
    " where organisation_id = $1 and id = $2 and state in ('connected', 'ending')"
)
_EXPIRE: Final = _transition_sql(_S.EXPIRED, "id = $3")
_BEGIN_ENDING: Final = _transition_sql(_S.ENDING, "id = $3")
_END: Final = _transition_sql(
    _S.ENDED, "place_id = any($3::uuid[])", ", oauth = null, tokens = null, expires_at = null"
)
_LAST_ACCOUNT: Final = (
    "select account_key from place_authorisation where organisation_id = $1 and place_id = $2"
    " and account_key is not null order by created_at desc, id desc limit 1"
)


async def insert_authorisation(
    access: Access, installation: InstallationRecord, given: GivenTokens, server: AuthorizationServer
) -> UUID:
    """Keep what a vendor's server gave, as the present authorisation of the installation's place; return its id."""
    authorisation_id = uuid7()
    await access.execute(_SUPERSEDE, access.now, installation.place_id)
    await access.execute(
        _INSERT,
        access.now,
        authorisation_id,
        installation.id,
        installation.place_id,
        access.actor.member_id,
        server.client_id,
        account_key(access, given.account),
        server.oauth.model_dump_json(),
        seal_tokens(access, authorisation_id, given.tokens),
        given.expires_at,
    )
    return authorisation_id


async def keep_renewed(access: Access, authorisation: AuthorisationRecord, given: GivenTokens, client_id: str) -> None:
    """Keep the tokens that a refresh gave, in the place of those of before."""
    sealed = seal_tokens(access, authorisation.id, given.tokens)
    await access.execute(_RENEW, authorisation.id, sealed, given.expires_at, client_id)


async def expire(access: Access, authorisation_id: UUID) -> bool:
    """Note that the vendor does not renew an authorisation any more; return whether that is new."""
    return bool(await access.execute(_EXPIRE, access.now, authorisation_id))


async def begin_ending(access: Access, authorisation_id: UUID) -> None:
    """Note that an authorisation is to be ended at the vendor."""
    await access.execute(_BEGIN_ENDING, access.now, authorisation_id)


async def end_authorisations(access: Access, place_ids: Collection[UUID]) -> bool:
    """Drop all that lets this deployment in at some places; return whether there was anything."""
    return bool(await access.execute(_END, access.now, list(place_ids)))


async def is_other_account(access: Access, place_id: UUID, account: str) -> bool:
    """Return whether a place was connected with another account before; what is not known is no other."""
    before = await access.fetchval(_LAST_ACCOUNT, place_id)
    known = access.services.keys.fingerprints("vendor-account", account) if account else []
    return before is not None and bool(known) and before not in known


def account_key(access: Access, account: str) -> bytes | None:
    """Return by what a vendor's account is known again, and by nobody else; None where the vendor tells none."""
    return access.services.keys.fingerprint("vendor-account", account) if account else None
