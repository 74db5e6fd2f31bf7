"""Tell that a right was carried out: the person, and where something of it was not, those with whom it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from wardship.tenants.access import Access
from wardship.tenants.notices import Telling, tell_each
from wardship.tenants.requests.notices import PARTLY_DONE, RIGHT_DONE
from wardship.tenants.requests.records import LockedRequest, RightRecord
from wardship.tenants.requests.states import RightKind
from wardship.tenants.requests.telling import name_of, told_handlers

_TOLD_OTHERWISE: Final = {RightKind.ACCESS, RightKind.PORTABILITY, RightKind.ERASURE}
"""The person is told that the copy is ready, and was written to before the address was erased."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a right has ended.

    Attributes:
        missing: the recipients at which it could not be done or proven.
        is_limited: whether something was withheld or kept, as the decision said.
        is_corrected: whether nothing had to be left uncorrected.
    """

    missing: Sequence[str]
    is_limited: bool
    is_corrected: bool = True


async def tell_done(access: Access, locked: LockedRequest, right: RightRecord, done: Done) -> None:
    """Tell that a right has ended."""
    told = []
    kind = name_of(right)
    if right.kind not in _TOLD_OTHERWISE:
        person, target = [locked.request.member_id], ("data_request", locked.request.id)
        values: dict[str, object] = {"kind_of_right": kind, "right": right.kind, "missing": done.missing}
        values |= {"is_limited": done.is_limited, "is_not_corrected": not done.is_corrected}
        told.append(Telling(kind=RIGHT_DONE, members=person, target=target, values=values))
    if done.missing or not done.is_corrected:
        told += told_handlers(access, locked, [right], PARTLY_DONE, kind_of_right=kind, count=len(done.missing))
    await tell_each(access, *told)
