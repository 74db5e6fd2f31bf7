"""The table of organisations' providers of sign-in, and what follows from them."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Router
from piccolo.columns import UUID, Array, Bytea, Text, Timestamptz

from wardship.core.database.personal_data import Sealed, personal_data
from wardship.core.database.tables import TenantTable
from wardship.core.nouns import NoticeKinds, Tables, hookimpl
from wardship.tenants.access import MemberListeners, Services, Sweeps
from wardship.tenants.single_sign_on.break_glass import tell_of_break_glass
from wardship.tenants.single_sign_on.ending import end_sessions_of_leavers
from wardship.tenants.single_sign_on.notices import KINDS
from wardship.tenants.single_sign_on.registering import SEALED_AS
from wardship.tenants.single_sign_on.routes import single_sign_on_router


@personal_data(
    not_personal=(
        "state",
        "state_since",
        "name",
        "issuer",
        "client_id",
        "client_secret",
        "second_step",
        "acr_values",
        "hosted_domain",
        "admits",
        "address_key",
        "tested_at",
        "tested_by",
        "trouble",
        "trouble_since",
    )
)
class IdentityProvider(TenantTable, tablename="identity_provider"):
    """A provider by which people of one organisation sign in; its secret is encrypted."""

    encrypted = (Sealed("client_secret", SEALED_AS),)

    state = Text()
    state_since = Timestamptz()
    name = Text()
    issuer = Text()
    client_id = Text()
    client_secret = Bytea()
    second_step = Text()
    acr_values = Array(base_column=Text())
    hosted_domain = Text(default="")
    admits = Text()
    address_key = Text(unique=True)
    tested_at = Timestamptz(null=True, default=None)
    tested_by = UUID(null=True, default=None)
    trouble = Text(null=True, default=None)
    trouble_since = Timestamptz(null=True, default=None)


@hookimpl
def wardship_tables() -> Tables:
    """Return its tables."""
    return (IdentityProvider,)


@hookimpl
def wardship_notice_kinds() -> NoticeKinds:
    """Return what people are told about sign-in by a provider."""
    return KINDS


@hookimpl
def wardship_member_listeners() -> MemberListeners:
    """Return what ends the sessions of who leaves."""
    return (end_sessions_of_leavers,)


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what tells of owners who came in past the provider."""
    return (tell_of_break_glass,)


@hookimpl
def wardship_routes(services: Services) -> Sequence[Router]:
    """Return the routes of sign-in by a provider."""
    return (single_sign_on_router(services),)
