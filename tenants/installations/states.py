"""The transitions of an installation, each with its entry in the audit."""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType
from typing import Final
from uuid import UUID

from wardship.core.errors import ConflictError
from wardship.tenants.access import Access
from wardship.tenants.installations.records import InstallationRecord, InstallationState, returning
from wardship.tenants.installations.troubles import follow_trouble

_S = InstallationState
_ENDS: Final = frozenset({_S.REVOKING})
_FAILS: Final = frozenset({_S.LOAD_FAILED, _S.MIGRATION_FAILED, _S.REVOKING})

TRANSITIONS: Final = MappingProxyType(
    {
        # What would reach further since organisations became one is paused from wherever it stands.
        _S.INSTALLED: _FAILS | {_S.CHECKED, _S.PAUSED},
        _S.CHECKED: _FAILS | {_S.ACTIVE, _S.NEEDS_APPROVAL, _S.INSTALLED, _S.PAUSED},
        # A reason may change while the state stays. Moved to another place, it is checked again from the beginning.
        _S.ACTIVE: _FAILS | {_S.DEGRADED, _S.PAUSED, _S.NEEDS_APPROVAL, _S.INSTALLED},
        _S.DEGRADED: _FAILS | {_S.DEGRADED, _S.ACTIVE, _S.PAUSED, _S.NEEDS_APPROVAL, _S.INSTALLED},
        _S.NEEDS_APPROVAL: _FAILS | {_S.ACTIVE, _S.PAUSED, _S.INSTALLED},
        _S.PAUSED: _ENDS | {_S.ACTIVE, _S.NEEDS_APPROVAL, _S.INSTALLED, _S.PAUSED},
        _S.LOAD_FAILED: _ENDS | {_S.CHECKED, _S.PAUSED},
        _S.MIGRATION_FAILED: _ENDS | {_S.CHECKED, _S.LOAD_FAILED, _S.PAUSED},
        _S.REVOKING: frozenset({_S.REVOCATION_OVERDUE, _S.REMOVED}),
        _S.REVOCATION_OVERDUE: frozenset({_S.REMOVED}),
        _S.REMOVED: frozenset(),
    }
)


class InstallationStateError(ConflictError):
    """The installation is not in a state from which this can be done: look at its state."""

    code = "INSTALLATION_STATE"


_TRANSITION = returning(
    "update installation set state = $3, state_reason = $4,"
    " removed_at = case when $3 = 'removed' then $6::timestamptz end, is_certificate_due = $3 = 'removed',"
    " works_since = case when $3 = 'active' and trouble > 0 then $6::timestamptz end"
    " where organisation_id = $1 and id = $2 and state = any($5::text[])"
    " and (state, state_reason) is distinct from ($3, $4)"
)


async def transition_installation(
    access: Access,
    installation_id: UUID,
    *,
    to: InstallationState,
    only_from: Collection[InstallationState],
    reason: str = "",
) -> InstallationRecord | None:
    """Bring an installation that is in one of those states into another; return it if anything is new.

    Raises:
        ValueError: the table holds no such transition.
    """
    if any(to not in TRANSITIONS[state] for state in only_from):
        raise ValueError(f"no transition from {sorted(only_from)} to {to}")
    row = await access.fetchrow_as(
        InstallationRecord,
        _TRANSITION,
        installation_id,
        to.value,
        reason,
        [state.value for state in only_from],
        access.now,
    )
    if row is not None:
        details = {"reason": reason} if reason else {}
        await access.audit(f"installation.{to.value}", "installation", installation_id, **details)
        await follow_trouble(access, row)
    return row


async def note_certified(access: Access, installation_id: UUID) -> None:
    """Note that the certificate of an installation that was taken away was issued."""
    await access.execute(
        "update installation set is_certificate_due = false where organisation_id = $1 and id = $2", installation_id
    )
    await access.audit("installation.certified", "installation", installation_id)


async def degrade(access: Access, installation_id: UUID, reason: str) -> None:
    """Note that an installation does not work as it should; the reason is a code of the host's."""
    await transition_installation(
        access, installation_id, to=_S.DEGRADED, only_from={_S.ACTIVE, _S.DEGRADED}, reason=reason
    )


async def recover(access: Access, installation_id: UUID) -> None:
    """Note that a degraded installation works again."""
    await transition_installation(access, installation_id, to=_S.ACTIVE, only_from={_S.DEGRADED})


def require_state(installation: InstallationRecord, allowed: Collection[InstallationState], *, act: str) -> None:
    """Refuse what can't be done in the present state.

    Raises:
        InstallationStateError: saying in which states it can.
    """
    if installation.state not in allowed:
        states = ", ".join(sorted(allowed))
        raise InstallationStateError(
            f"An installation that is {installation.state} can't be {act}: it must be {states}.",
            path=("installation",),
        )
