"""Decide how notices that are due reach a reader: a mail each, one mail for several, later, or not by mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from wardship.core.database.engine import Transaction
from wardship.core.mail import MailText, queue_mail, render
from wardship.core.notice_kind import NoticeKind, Way
from wardship.core.notices.wording import notice_url, wording
from wardship.core.settings import Settings

MORNING: Final = time(8)
"""When a daily mail is sent, by the reader's clock."""
MOST_AT_ONCE: Final = 3
"""So many notices that are due at once are mailed one by one; more are one mail."""
MOST_IN_AN_HOUR: Final = 10
"""So many mails of notices a reader gets in an hour; the others are one mail after it."""
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom notices are for, as far as mail is concerned.

    Attributes:
        account_id: the account behind; None when there is none.
        address: the verified address; None when there is none.
        zone: the time zone, an IANA name.
        pace: ``at_once`` or ``daily``, for what is not urgent.
        turned_off: names of kinds that are not to be mailed.
        recently: how many notices were mailed to the reader within the last hour.
        organisation: the name of the organisation in which they were told; empty for an account's own.
    """

    account_id: UUID | None
    address: str | None
    zone: str
    pace: str
    turned_off: Sequence[str]
    recently: int
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class DueNotice:
    """One notice that is due.

    Attributes:
        kind: its kind; None when the program does not know it any more.
        details: as they were told.
        is_new: whether no sweep has looked at it yet.
        is_visible: whether the reader may still see it.
    """

    id: UUID
    kind: NoticeKind | None
    details: Mapping[str, Any]
    is_new: bool
    is_visible: bool


@dataclass(slots=True)
class MailPlan:
    """What becomes of notices that are due.

    Attributes:
        mails: what is queued.
        mailed: ids of the notices in it.
        in_product: ids of those that are not mailed.
        unreachable: ids of those whose reader has no verified address.
        waiting: by id, until when the others wait.
    """

    mails: list[tuple[Reader, MailText]] = field(default_factory=list)
    mailed: list[UUID] = field(default_factory=list)
    in_product: list[UUID] = field(default_factory=list)
    unreachable: list[UUID] = field(default_factory=list)
    waiting: dict[UUID, datetime] = field(default_factory=dict)

    def add(self, reader: Reader, notices: Sequence[DueNotice], settings: Settings, now: datetime) -> None:
        """Decide on the notices of one reader that are due, oldest first."""
        to_mail: list[DueNotice] = []
        for notice in notices:
            if notice.kind is None or not notice.is_visible or _is_product_only(notice.kind, reader):
                self.in_product.append(notice.id)
            elif reader.address is None:
                self.unreachable.append(notice.id)
            elif notice.is_new and not notice.kind.is_urgent and reader.pace != "at_once":
                self.waiting[notice.id] = next_morning(now, reader.zone)
            else:
                to_mail.append(notice)
        if reader.recently >= MOST_IN_AN_HOUR:
            self.waiting |= {notice.id: now + HOUR for notice in to_mail}
            return
        for bundle in _bundles(to_mail):
            self.mails.append((reader, _text(reader, bundle, settings)))
            self.mailed += [notice.id for notice in bundle]

    def decided(self, now: datetime) -> Iterator[tuple[str, list[UUID], list[datetime]]]:
        """Give each state that notices are put into: its name, their ids, and the moments from which it counts."""
        for state, ids in (("mailed", self.mailed), ("in_product", self.in_product), ("unreachable", self.unreachable)):
            if ids:
                yield state, ids, [now] * len(ids)
        if self.waiting:
            yield "waiting", list(self.waiting), list(self.waiting.values())


def _bundles(notices: list[DueNotice]) -> list[list[DueNotice]]:
    """Return which notices share a mail: those that waited, and all when many are due at once."""
    at_once = [notice for notice in notices if notice.is_new]
    if len(at_once) > MOST_AT_ONCE:
        return [notices]
    waited = [notice for notice in notices if not notice.is_new]
    return [*([notice] for notice in at_once), *([waited] if waited else [])]


async def queue_all(transaction: Transaction, mails: Iterable[tuple[Reader, MailText]], *, at: datetime) -> None:
    """Queue the mails of a plan; each reader has an address."""
    for reader, text in mails:
        await queue_mail(transaction, reader.account_id, reader.address or "", text, at=at)


def next_morning(now: datetime, zone: str) -> datetime:
    """Return the next morning after a moment, by the clock of a time zone."""
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        place = ZoneInfo("UTC")
    local = now.astimezone(place)
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, place)


def _is_product_only(kind: NoticeKind, reader: Reader) -> bool:
    return kind.way is Way.PRODUCT or (kind.can_be_turned_off and kind.name in reader.turned_off)


def _text(reader: Reader, notices: Sequence[DueNotice], settings: Settings) -> MailText:
    texts = [
        wording(notice.kind, settings, notice.details, zone=reader.zone, organisation=reader.organisation)
        for notice in notices
        if notice.kind is not None
    ]
    if len(texts) == 1:
        return texts[0]
    return render(
        "digest",
        package="wardship.core.notices.templates",
        organisation=reader.organisation,
        items=texts,
        link=notice_url(settings),
    )
