"""Let a client fetch for an installation, and end that: all its codes and tokens end in the same statement."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from wardship.core.database.rows import Row, column
from wardship.core.errors import ConflictError, NotFoundError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access
from wardship.tenants.declarations import require_accepted
from wardship.tenants.installations.authority import manageable_installation
from wardship.tenants.installations.records import SHARING, InstallationRecord
from wardship.tenants.installations.states import require_state
from wardship.tenants.paging import rows_by_parent
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission
from wardship.tenants.vendor_access.records import KnownClient, consented_text, fetched_entries
from wardship.tenants.vendor_access.tokens import CODE_LIFE, text_hash


class NothingToFetchError(ConflictError):
    """The integration's declaration says nothing that the vendor fetches: there is nothing to consent to."""

    code: ClassVar[str] = "NOTHING_TO_FETCH"


class OtherIntegrationError(NotFoundError):
    """The client fetches for another integration than the one installed."""

    code: ClassVar[str] = "OTHER_INTEGRATION"


class EndCause(StrEnum):
    """Why a grant ended."""

    WITHDRAWN = "withdrawn"
    UNINSTALLED = "uninstalled"


class VendorGrantRecord(Row):
    """One grant; ``ended_at`` is None while it is open."""

    __slots__ = ()

    id: UUID = column("id")
    created_at: datetime = column("created_at")
    client_id: UUID = column("client_id")
    client_name: str = column("client_name")
    installation_id: UUID = column("installation_id")
    granted_by: UUID | None = column("granted_by")
    ended_at: datetime | None = column("ended_at")


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """For what a code is made.

    Attributes:
        text: the code.
        redirect_uri: where the browser goes back to.
        code_challenge: what its redemption answers.
        declaration: digest of the declaration that was read, in hexadecimal digits.
    """

    text: str
    redirect_uri: str
    code_challenge: str
    declaration: str


_COLUMNS: Final = "id, created_at, client_id, client_name, installation_id, granted_by, ended_at"
_INSERT: Final = (
    "insert into vendor_grant (organisation_id, id, created_at, consented_at, client_id, client_name, installation_id,"
    " consented, declared, declared_plan, granted_by) values ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10)"
    " on conflict (organisation_id, installation_id, client_id) where ended_at is null do update"
    " set consented_at = excluded.consented_at, consented = excluded.consented, declared = excluded.declared,"
    " declared_plan = excluded.declared_plan, granted_by = excluded.granted_by, client_name = excluded.client_name"
    " returning "
)
_GIVE: Final = _INSERT + _COLUMNS
_CODE: Final = (
    "insert into vendor_code (organisation_id, id, created_at, grant_id, code_hash, redirect_uri, code_challenge,"
    " expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)"
)
_UPDATE: Final = (
    "update vendor_grant set ended_at = $2, ended_by = $3, end_cause = $4 where organisation_id = $1"
    " and ended_at is null"
)
_BY_ID: Final = " and id = $5 returning "
_WITHDRAW: Final = _UPDATE + _BY_ID + _COLUMNS
_OF_INSTALLATION: Final = " and installation_id = $5 returning id"
_END_ALL: Final = _UPDATE + _OF_INSTALLATION
_READ: Final = "select "
_FROM: Final = " from vendor_grant where organisation_id = $1"
_SELECT: Final = _READ + _COLUMNS + _FROM
_SEEN: Final = (
    " and id = w.id and exists (select from installation i where i.organisation_id = $1"
    " and i.id = vendor_grant.installation_id and ($2::boolean or i.member_id = $3::uuid))"
)
_VISIBLE: Final = _SELECT + _SEEN
_OPEN: Final = " and installation_id = any($2::uuid[]) and ended_at is null order by installation_id, created_at, id"
_OF: Final = _SELECT + _OPEN


def require_consentable(installation: InstallationRecord, client: KnownClient) -> None:
    """Refuse an installation that a client can't be let into.

    Raises:
        OtherIntegrationError: the client fetches for another integration.
        InstallationStateError: it does not share at present.
        NothingToFetchError: nothing in its declaration is fetched.
    """
    if installation.integration_key != client.integration_key:
        raise OtherIntegrationError("This client fetches for another integration: install that one.")
    require_state(installation, SHARING, act="opened to the vendor")
    if not fetched_entries(installation.manifest):
        raise NothingToFetchError("This integration declares nothing that its vendor fetches.")


async def let_fetch(access: Access, client: KnownClient, installation_id: UUID, request: CodeRequest) -> None:
    """Let a client fetch what the approved declaration says, by the code that was made for it.

    Raises:
        NotFoundError: the installation is absent, another integration's, or not the caller's to see.
        PermissionDeniedError: the caller may not manage it.
        StepUpRequiredError: the second factor has to be shown again.
        InstallationStateError, NothingToFetchError: it can't be consented to.
        StaleDeclarationError: it declares something else than what was read.
    """
    installation = await manageable_installation(access, installation_id)
    require_consentable(installation, client)
    require_accepted(installation.manifest, installation.plan, request.declaration)
    grant = await access.fetchrow_as(
        VendorGrantRecord,
        _GIVE,
        uuid7(),
        access.now,
        client.id,
        client.name,
        installation_id,
        consented_text(installation.manifest),
        installation.manifest.model_dump_json(),
        installation.plan.model_dump_json(),
        access.actor.member_id,
    )
    if grant is None:
        raise RuntimeError("an insert returns its row")
    await access.audit("vendor_grant.given", "vendor_grant", grant.id, client=str(client.id))
    values = (text_hash(request.text), request.redirect_uri, request.code_challenge, access.now + CODE_LIFE)
    await access.execute(_CODE, uuid7(), access.now, grant.id, *values)


async def withdraw_vendor_grant(access: Access, grant_id: UUID) -> VendorGrantRecord:
    """End what a client was let into: it gets nothing from this moment on.

    Raises:
        NotFoundError: it is absent, ended before, or of an installation that is not the caller's to see.
        PermissionDeniedError: the caller may not manage the installation.
    """
    grant = await vendor_grant_by_id(access, grant_id)
    await manageable_installation(access, grant.installation_id, needs_step_up=False, takes_back=True)
    values = (access.now, access.actor.member_id, EndCause.WITHDRAWN.value, grant_id)
    ended = await access.fetchrow_as(VendorGrantRecord, _WITHDRAW, *values)
    if ended is None:
        raise _not_found()
    await access.audit("vendor_grant.withdrawn", "vendor_grant", grant_id)
    return ended


async def end_vendor_grants(access: Access, installation_id: UUID) -> None:
    """End all that clients were let into at an installation that is taken away; the caller has checked who may."""
    values = (access.now, access.actor.member_id, EndCause.UNINSTALLED.value, installation_id)
    for row in await access.fetch(_END_ALL, *values):
        await access.audit("vendor_grant.ended", "vendor_grant", row["id"])


async def vendor_grant_by_id(access: Access, grant_id: UUID) -> VendorGrantRecord:
    """Return a grant.

    Raises:
        NotFoundError: it is absent, or of an installation that is not the caller's to see.
    """
    grant = (await vendor_grants_by_ids(access, [grant_id])).get(grant_id)
    if grant is None:
        raise _not_found()
    return grant


async def vendor_grants_by_ids(access: Access, grant_ids: Collection[UUID]) -> dict[UUID, VendorGrantRecord]:
    """Return those of these grants whose installations the caller may see, by id."""
    parameters = Parameters(access.organisation_id, access.may(Permission.INTEGRATIONS_READ), access.actor.member_id)
    sql = parameters.for_each(grant_ids, _VISIBLE)
    rows = await access.transaction.fetch_as(VendorGrantRecord, sql, *parameters.values)
    return {row.id: row for row in rows}


async def vendor_grants_of(access: Access, installation_ids: Collection[UUID]) -> dict[UUID, list[VendorGrantRecord]]:
    """Return the open grants of each installation; the caller has checked who may see the installations."""
    rows = await access.fetch_as(VendorGrantRecord, _OF, list(installation_ids))
    return rows_by_parent(installation_ids, rows, "installation_id")


def _not_found() -> NotFoundError:
    return NotFoundError("No such grant: list those of the installation.", path=("grant",))
