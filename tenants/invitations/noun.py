"""The table of invitations."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Router
from piccolo.columns import UUID, Array, Boolean, Bytea, Text, Timestamptz

from wardship.core.database.personal_data import Erasure, Personal, Source, TextContext, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import MemberListeners, Services, Sweeps
from wardship.tenants.invitations.invite import revoke_invitations_by
from wardship.tenants.invitations.notices import KINDS
from wardship.tenants.invitations.refused import follow_refused_invitations
from wardship.tenants.invitations.routes import invitation_router


@personal_data(
    # Nobody's row until it is accepted: an erasure rewrites the address where it is the person's.
    personal={
        "email": Personal(
            "user.contact.email",
            Source.ADMINISTRATOR,
            Erasure.MODIFY,
            exported=False,
            context=TextContext.ADDRESS,
        )
    },
    not_personal=(
        "roles",
        "group_id",
        "token_hash",
        "invited_by",
        "expires_at",
        "accepted_at",
        "revoked_at",
        "is_stepped_up",
    ),
)
class Invitation(TenantTable, tablename="invitation"):
    """An invitation of one address, with the roles and the group that accepting it brings."""

    email = Text()
    roles = Array(base_column=Text())
    group_id = UUID(null=True, default=None)
    token_hash = Bytea(unique=True)
    invited_by = UUID()
    expires_at = Timestamptz()
    accepted_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)
    is_stepped_up = Boolean(default=False)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return (Invitation,)


@hookimpl
def wardship_member_listeners() -> MemberListeners:
    """Return what ends invitations whose sender is not active any more."""
    return (revoke_invitations_by,)


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what people are told about invitations."""
    return KINDS


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what tells of letters that did not arrive."""
    return (follow_refused_invitations,)


@hookimpl
def wardship_routes(services: Services) -> Sequence[Router]:
    """Return where a letter leads."""
    return (invitation_router(services),)
