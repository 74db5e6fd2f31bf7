"""What one caller may do and touch, in one open transaction: the value that every domain function takes first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeAlias
from uuid import UUID

from wardship.core.actor import Actor, CredentialKind, Role, StaffRole
from wardship.core.audit.log import AuditEvent, record
from wardship.core.clock import Clock
from wardship.core.database.database import Database
from wardship.core.database.engine import Record, RowT, Transaction
from wardship.core.database.personal_data import TableEntry
from wardship.core.database.rows import ColumnValue
from wardship.core.errors import PermissionDeniedError
from wardship.core.http.budgets import Budgets
from wardship.core.keys import KeyRing
from wardship.core.notice_kind import NoticeKind
from wardship.core.settings import Settings
from wardship.core.sign_in import sessions
from wardship.plugins.host.dispatch import Dispatcher
from wardship.plugins.host.registry import Registry
from wardship.tenants.permissions import (
    DIRECTORY_PERMISSIONS,
    ROLE_PERMISSIONS,
    STAFF_PERMISSIONS,
    STAFF_PERMISSIONS_ANYWHERE,
    WRITE_PERMISSIONS,
    Permission,
)

STEP_UP_LASTS = sessions.STEP_UP_LASTS


class StepUpRequiredError(PermissionDeniedError):
    """The act needs the second factor shown again: POST /auth/step-up, then call again."""

    code = "STEP_UP_REQUIRED"


class InsufficientScopeError(PermissionDeniedError):
    """The token's scopes do not cover the act: make one with the scope that the message names."""

    code = "INSUFFICIENT_SCOPE"


class RegisteredNouns(Protocol):
    """What the domain asks of the nouns; ``wardship.tenants.nouns.Nouns`` answers."""

    @property
    def held(self) -> Sequence[TableEntry]:
        """What each table of theirs holds, ordered by name."""
        ...

    @property
    def member_listeners(self) -> MemberListeners:
        """What is told of changed members, in the order of the nouns."""
        ...

    @property
    def domain_listeners(self) -> DomainListeners:
        """What is told of domains that come into another state, in the order of the nouns."""
        ...

    @property
    def rule_listeners(self) -> RuleListeners:
        """What is told of changed settings of the organisation, in the order of the nouns."""
        ...

    @property
    def notice_kinds(self) -> Mapping[str, NoticeKind]:
        """The kinds of notices, by name."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """What a deployment offers to the domain, made once by the composition root and handed in.

    Attributes:
        settings: what the operator set.
        database: the pool, under the serving role.
        clock: the present moment.
        keys: encryption, keyed hashes, signatures.
        integrations: the integrations that were found, loaded or not.
        dispatcher: calls connectors, each with its own timeout, limit and breaker.
        nouns: what ours brought.
        budgets: what each credential and organisation may still ask of this process.
    """

    settings: Settings
    database: Database
    clock: Clock
    keys: KeyRing
    integrations: Registry
    dispatcher: Dispatcher
    nouns: RegisteredNouns
    budgets: Budgets = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Count from now on."""
        settings, clock = self.settings, self.clock
        budgets = Budgets(settings.cost_per_credential, settings.cost_per_organisation, lambda: clock.now().timestamp())
        object.__setattr__(self, "budgets", budgets)


@dataclass(frozen=True, slots=True)
class Access:
    """A caller's reach in one transaction.

    The transaction is scoped to ``actor.organisation_id`` by the database; every statement also names it, as ``$1``: so
    do ``fetch`` and its siblings, and ``execute``, which are else the transaction's.

    Attributes:
        actor: who calls.
        transaction: the open transaction; commit and rollback belong to the code that opened it.
        services: what the deployment offers (clock, keys, integrations, mail).
        request_id: the identifier of the call in logs and audit.
    """

    actor: Actor
    transaction: Transaction
    services: Services
    request_id: str
    permissions: frozenset[Permission] = field(init=False)

    def __post_init__(self) -> None:
        actor = self.actor
        held = _WITHOUT_ROLES.get(actor.credential)
        if held is None:
            held = _permissions(actor.roles, actor.staff_roles, is_at_provider=actor.is_at_provider)
        object.__setattr__(self, "permissions", held)

    @property
    def organisation_id(self) -> UUID:
        """Return the organisation of this call."""
        return self.actor.organisation_id

    @property
    def now(self) -> datetime:
        """Return the present moment by the deployment's clock."""
        return self.services.clock.now()

    def fetch(self, sql: str, *arguments: object) -> Awaitable[list[Record]]:
        """Return all rows of a statement whose ``$1`` is the organisation."""
        return self.transaction.fetch(sql, self.organisation_id, *arguments)

    def fetch_as(self, kind: type[RowT], sql: str, *arguments: object) -> Awaitable[list[RowT]]:
        """Return all rows of a statement whose ``$1`` is the organisation, as rows of a kind."""
        return self.transaction.fetch_as(kind, sql, self.organisation_id, *arguments)

    def fetchrow_as(self, kind: type[RowT], sql: str, *arguments: object) -> Awaitable[RowT | None]:
        """Return the first row of a statement whose ``$1`` is the organisation as a row of a kind, or None."""
        return self.transaction.fetchrow_as(kind, sql, self.organisation_id, *arguments)

    def fetchrow(self, sql: str, *arguments: object) -> Awaitable[Record | None]:
        """Return the first row of a statement whose ``$1`` is the organisation, or None."""
        return self.transaction.fetchrow(sql, self.organisation_id, *arguments)

    def fetchval(self, sql: str, *arguments: object) -> Awaitable[ColumnValue]:
        """Return the first column of the first row of a statement whose ``$1`` is the organisation, or None."""
        return self.transaction.fetchval(sql, self.organisation_id, *arguments)

    def execute(self, sql: str, *arguments: object) -> Awaitable[int]:
        """Run a statement whose ``$1`` is the organisation, and return how many rows it touched."""
        return self.transaction.execute(sql, self.organisation_id, *arguments)

    def encrypt(self, purpose: str, row_id: UUID, content: bytes) -> bytes:
        """Return what is kept encrypted in one row of the organisation: in another it does not open."""
        return self.services.keys.encrypt(purpose, content, bound_to=self.organisation_id.bytes + row_id.bytes)

    def decrypt(self, purpose: str, row_id: UUID, sealed: bytes) -> bytes:
        """Return what was encrypted for this row.

        Raises:
            UnreadableSecretError: it was changed, belongs to another row, or its key is gone.
        """
        return self.services.keys.decrypt(purpose, sealed, bound_to=self.organisation_id.bytes + row_id.bytes)

    def may(self, permission: Permission) -> bool:
        """Return whether role and credential both allow it."""
        return permission in self.permissions and _scope_needed(permission) in self.actor.scopes

    def become_member(self, member_id: UUID) -> None:
        """Act as this member of the organisation from now on: the caller has become one, in this transaction.

        Call it once the rows are written by which the next call finds the caller to be one.
        """
        object.__setattr__(self, "actor", replace(self.actor, member_id=member_id))

    def is_staff_without(self, permission: Permission) -> bool:
        """Return whether what needs this permission is open to the caller as one of the privacy team alone."""
        return self.actor.is_privacy_team and not self.may(permission)

    def require(self, permission: Permission) -> None:
        """Refuse unless role and credential both allow it.

        Raises:
            PermissionDeniedError: the role does not.
            InsufficientScopeError: the role does, the token does not.
        """
        if permission not in self.permissions:
            raise PermissionDeniedError(
                f"Your role does not include {permission.value}: ask an owner of the organisation."
            )
        self.require_scope(_scope_needed(permission))

    def require_scope(self, scope: str) -> None:
        """Refuse a token that lacks a scope (``read`` or ``write``): for acts on oneself that need no permission.

        Raises:
            InsufficientScopeError: the token does not carry the scope.
        """
        if scope not in self.actor.scopes:
            raise InsufficientScopeError(f"This token lacks the scope `{scope}`: create one that has it.")

    def require_member(self, scope: str = "write") -> UUID:
        """Return the caller's own membership, for acts on oneself that need no permission.

        Raises:
            PermissionDeniedError: the caller is no active member of this organisation.
            InsufficientScopeError: the token does not carry the scope.
        """
        if self.actor.member_id is None or not self.actor.roles:
            raise PermissionDeniedError("Only an active member of this organisation can do this.")
        self.require_scope(scope)
        return self.actor.member_id

    def require_person(self, scope: str = "write") -> UUID:
        """Return the caller's own membership in whatever state: for choices on data that is held of oneself.

        Raises:
            PermissionDeniedError: the caller is nobody of whom data is held here.
            InsufficientScopeError: the token does not carry the scope.
        """
        if self.actor.member_id is None:
            raise PermissionDeniedError("Only a present or past member of this organisation can do this here.")
        self.require_scope(scope)
        return self.actor.member_id

    def require_step_up(self) -> None:
        """Refuse unless the second factor was shown within the last ten minutes; a token needs the scope ``admin``.

        Raises:
            StepUpRequiredError: a session without a recent second factor.
            InsufficientScopeError: a token without the scope ``admin``.
        """
        if self.is_stepped_up:
            return
        if self.actor.credential is CredentialKind.TOKEN:
            self.require_scope("admin")
        raise StepUpRequiredError("Show your second factor again (POST /auth/step-up), then repeat this.")

    @property
    def is_stepped_up(self) -> bool:
        """Return whether the second factor was shown within the last ten minutes; of a token, its scope ``admin``."""
        match self.actor.credential:
            case CredentialKind.SYSTEM | CredentialKind.PROVISIONING:  # made with the second factor shown
                return True
            case CredentialKind.TOKEN:
                return "admin" in self.actor.scopes
            case CredentialKind.SESSION:
                shown = self.actor.stepped_up_at
                return shown is not None and self.now - shown <= STEP_UP_LASTS
            case CredentialKind.VENDOR:
                return False

    async def audit(self, action: str, target_kind: str, target_id: UUID | None, /, **details: object) -> None:
        """Append an act that was done to the organisation's audit chain, in this transaction."""
        await self.audit_event(AuditEvent(action, target_kind, target_id, details=details))

    async def audit_event(self, event: AuditEvent) -> None:
        """Append to the organisation's audit chain, in this transaction."""
        await record(self.transaction, self.actor, event, at=self.now, request_id=self.request_id)


Sweeps: TypeAlias = Sequence[Callable[[Services], Awaitable[object]]]
"""Work that the clock makes due; a worker does it now and then, and nothing when another was there first."""

MemberListeners: TypeAlias = Sequence[Callable[[Access, Collection[UUID], frozenset[str]], Awaitable[None]]]
"""What follows from a change of members, in its transaction: see ``members/fields``."""

DomainListeners: TypeAlias = Sequence[Callable[[Access, UUID, str], Awaitable[None]]]
"""What follows when the organisation's claim of a domain comes into another state, in its transaction: id and state."""

RuleListeners: TypeAlias = Sequence[Callable[[Access, Mapping[str, tuple[Any, Any]]], Awaitable[None]]]
"""What follows from a change of the organisation's settings, in its transaction: by name, what was and what is."""


def _scope_needed(permission: Permission) -> str:
    return "write" if permission in WRITE_PERMISSIONS else "read"


_WITHOUT_ROLES: Final = MappingProxyType(
    {
        CredentialKind.SYSTEM: frozenset(Permission),
        CredentialKind.PROVISIONING: DIRECTORY_PERMISSIONS,
        CredentialKind.VENDOR: frozenset[Permission](),
    }
)


@cache
def _permissions(
    roles: frozenset[Role], staff_roles: frozenset[StaffRole], *, is_at_provider: bool
) -> frozenset[Permission]:
    of_roles = (ROLE_PERMISSIONS[role] for role in roles)
    of_staff = STAFF_PERMISSIONS if is_at_provider else STAFF_PERMISSIONS_ANYWHERE
    return frozenset().union(*of_roles, *(of_staff[role] for role in staff_roles))
