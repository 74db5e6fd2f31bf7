"""Tell an account, or the provider's staff, of an event: rows that a sweep mails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from wardship.core.actor import StaffRole
from wardship.core.database.engine import Transaction
from wardship.core.identifiers import uuid7
from wardship.core.notice_kind import Audience, NoticeKind
from wardship.core.notices.wording import details_of, event_key, ordered
from wardship.core.nouns import Deployment

TELL_STAFF: Final = """
    select tell_staff(t.staff, $2, t.kind, $1, t.target_kind, t.target_id, t.details, decode(t.event, 'hex'), t.ordered,
        t.spared)
    from telling t where t.staff is not null
"""
"""Ends a statement that tells others too: ``telling`` is what is told, ``staff`` of it a role, ``spared`` accounts that
are not told, $1 where, $2 when."""

TELL_ACCOUNTS: Final = """
    told as materialized (
        select tell_accounts(array_agg(account_id), array_agg(id), $2, $3, $1, $7, $4::jsonb, $5, $6)
        from due where account_id is not null
    )
"""
"""Tells the owners of the accounts of ``due``, each about the row's ``id``, within a statement that changes these rows.

$1 is the organisation; the others, to $7, are the arguments of an ``AccountTelling``.
"""


@dataclass(frozen=True, slots=True)
class AccountTelling:
    """What the owners of many accounts are told at once, each about a row of his or her own.

    Attributes:
        kind: a kind whose audience is the account.
        about: what the event is about, for all of them: a word and an id.
        once: a word that tells the event from others about the same.
        values: what the template names; the same for all.
        target_kind: of the rows.
    """

    kind: NoticeKind
    about: tuple[str, UUID]
    once: str
    values: Mapping[str, object]
    target_kind: str = "account_claim"

    def arguments(self, deployment: Deployment) -> tuple[object, ...]:
        """Return what ``TELL_ACCOUNTS`` takes from $2 on: six of them."""
        details = details_of(self.kind, deployment.settings, self.values)
        event = event_key(self.kind, self.about, details, self.once)
        return deployment.clock.now(), self.kind.name, details, event, ordered(), self.target_kind


async def tell_account(
    transaction: Transaction,
    deployment: Deployment,
    account_id: UUID,
    kind: NoticeKind,
    *,
    once: str | None = None,
    **values: object,
) -> None:
    """Tell the owner of an account of an event, whatever organisation the account belongs to.

    Args:
        transaction: that of the event; it must reach the directory.
        deployment: settings and clock.
        account_id: whose account.
        kind: a kind whose audience is the account.
        once: a word that tells the event from others of its kind about the account, so that it is told once.
        values: what the template names; moments as ``datetime``.
    """
    now = deployment.clock.now()
    details = details_of(kind, deployment.settings, values)
    await transaction.execute(
        "insert into account_notice (id, created_at, account_id, kind, details, event, mail_at)"
        " values ($1, $2, $3, $4, $5, $6, $2) on conflict (account_id, event) do nothing",
        uuid7(),
        now,
        account_id,
        kind.name,
        details,
        event_key(kind, None, details, once or now),
    )


async def tell_staff(
    transaction: Transaction,
    deployment: Deployment,
    kind: NoticeKind,
    *,
    target: tuple[UUID, str, UUID] | None = None,
    once: str | None = None,
    **values: object,
) -> None:
    """Tell everybody of the provider's privacy team, or all operators, of an event, in one statement.

    Args:
        transaction: that of the event, of any scope.
        deployment: settings and clock.
        kind: a kind of the caller's noun; for the operators if that is its audience.
        target: what it is about: the organisation where it is, the kind of thing, and its id.
        once: a word that tells the event from others of its kind about the target, so that it is told once.
        values: what the template names; moments as ``datetime``.
    """
    now: datetime = deployment.clock.now()
    details = details_of(kind, deployment.settings, values)
    organisation_id, target_kind, target_id = target or (None, "", None)
    role = StaffRole.OPERATOR if kind.audience is Audience.OPERATORS else StaffRole.PRIVACY_TEAM
    await transaction.execute(
        "select tell_staff($1, $2, $3, $4, $5, $6, $7, $8, $9, '{}')",
        role.value,
        now,
        kind.name,
        organisation_id,
        target_kind,
        target_id,
        details,
        event_key(kind, target and target[1:], details, once or now),
        ordered(),
    )
