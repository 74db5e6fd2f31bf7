"""Decide how notices that are due reach a reader: a mail each, one mail for several, later, or not by mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID

import jinja2
import structlog

from wardship.core.accounts.time_zone import zone_or_utc
from wardship.core.mail import MailText, QueuedMail, render
from wardship.core.mail.blocks import Marked
from wardship.core.notice_kind import NoticeKind, Way
from wardship.core.notices.addresses import NOWHERE, ToldWhere, console_url
from wardship.core.notices.turning_off import turn_off_url
from wardship.core.notices.wording import wording
from wardship.core.nouns import Deployment

MORNING: Final = time(8)
"""When a daily mail is sent, by the reader's clock."""
MOST_AT_ONCE: Final = 3
"""So many notices that are due at once are mailed one by one; more are one mail."""
MOST_IN_AN_HOUR: Final = 10
"""So many notices are mailed to a reader in an hour; the others are one mail after it."""
MOST_IN_A_MAIL: Final = 20
"""So many notices stand in one mail; of more, it tells the number."""
HOUR: Final = timedelta(hours=1)
_log = structlog.get_logger(__name__)


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
        organisation_id: where they were told; None for an account's own.
        organisation: its name; empty for an account's own.
        slug: its short name; empty for an account's own.
    """

    account_id: UUID | None
    address: str | None
    zone: str
    pace: str
    turned_off: Sequence[str]
    recently: int
    organisation_id: UUID | None = None
    organisation: str = ""
    slug: str = ""


@dataclass(frozen=True, slots=True)
class DueNotice:
    """One notice that is due.

    Attributes:
        kind: its kind; None when the program does not know it any more.
        details: as they were told.
        is_new: whether no sweep has looked at it yet.
        is_visible: whether the reader may still see it.
        told: where and of what, for the address that it leads to.
    """

    id: UUID
    kind: NoticeKind | None
    details: Mapping[str, Any]
    is_new: bool
    is_visible: bool
    told: ToldWhere = NOWHERE


_Worded: TypeAlias = tuple[DueNotice, MailText]


@dataclass(slots=True)
class MailPlan:
    """What becomes of notices that are due.

    Attributes:
        deployment: settings and keys.
        now: the moment.
        about: the word by which a refusal of a mail is known.
        is_last: whether nothing can be mailed later, so that nothing waits.
        mails: what is to be queued.
        mailed: by id of a notice, that of the mail that holds it.
        in_product: ids of those that are not mailed.
        unreachable: ids of those whose reader has no verified address.
        waiting: by id, until when the others wait.
        over: ids of those that are removed, because there is nothing to see in the product.
    """

    deployment: Deployment
    now: datetime
    about: str
    is_last: bool = False
    mails: list[QueuedMail] = field(default_factory=list)
    mailed: dict[UUID, UUID] = field(default_factory=dict)
    in_product: list[UUID] = field(default_factory=list)
    unreachable: list[UUID] = field(default_factory=list)
    waiting: dict[UUID, datetime] = field(default_factory=dict)
    over: list[UUID] = field(default_factory=list)

    def add(self, reader: Reader, notices: Sequence[DueNotice]) -> None:
        """Decide on the notices of one reader that are due, oldest first."""
        to_mail: list[_Worded] = []
        for notice in notices:
            worded = self._worded(reader, notice)
            if worded is None:
                self.in_product.append(notice.id)
            elif reader.address is None:
                self.unreachable.append(notice.id)
            elif worded[0].kind is not None and worded[0].kind.way is Way.MAIL:
                self._queue(reader, [worded])
            elif not self.is_last and _waits_for_morning(reader, notice):
                self.waiting[notice.id] = next_morning(self.now, reader.zone)
            else:
                to_mail.append(worded)
        if reader.recently >= MOST_IN_AN_HOUR and not self.is_last:
            self.waiting |= {notice.id: self.now + HOUR for notice, _ in to_mail}
            return
        for bundle in _bundles(to_mail):
            self._queue(reader, bundle)

    def decided(self) -> Iterator[tuple[str, list[UUID], list[datetime], list[UUID | None]]]:
        """Give each state that notices are put into: its name, their ids, moments from which it counts, and mails."""
        now = self.now
        for state, ids in (("in_product", self.in_product), ("unreachable", self.unreachable)):
            if ids:
                yield state, ids, [now] * len(ids), [None] * len(ids)
        if self.mailed:
            yield "mailed", list(self.mailed), [now] * len(self.mailed), list(self.mailed.values())
        if self.waiting:
            yield "waiting", list(self.waiting), list(self.waiting.values()), [None] * len(self.waiting)

    def _worded(self, reader: Reader, notice: DueNotice) -> _Worded | None:
        """Return a notice with its text; None when it is not to be mailed."""
        kind = notice.kind
        if kind is None or not notice.is_visible or kind.way is Way.PRODUCT:
            return None
        if kind.can_be_turned_off and kind.name in reader.turned_off:
            return None
        details = {"organisation": reader.organisation, **notice.details}
        try:
            text = wording(kind, self.deployment.settings, details, zone=reader.zone, told=notice.told)
        except jinja2.TemplateError as error:  # told by an earlier version, whose text named other values
            _log.warning("notice_without_text", kind=kind.name, fault=type(error).__name__)
            return None
        return notice, text

    def _queue(self, reader: Reader, bundle: Sequence[_Worded]) -> None:
        mail = QueuedMail(
            account_id=reader.account_id,
            recipient=reader.address or "",
            text=replace(self._text(reader, bundle), turn_off_url=self._turn_off_url(reader, bundle)),
            about=self.about,
            organisation_id=reader.organisation_id,
        )
        self.mails.append(mail)
        for notice, _ in bundle:
            if notice.kind is not None and notice.kind.way is Way.MAIL:
                self.over.append(notice.id)
            else:
                self.mailed[notice.id] = mail.id

    def _turn_off_url(self, reader: Reader, bundle: Sequence[_Worded]) -> str:
        kinds = [notice.kind for notice, _ in bundle]
        return turn_off_url(self.deployment.settings, self.deployment.keys, reader.account_id, kinds)

    def _text(self, reader: Reader, bundle: Sequence[_Worded]) -> MailText:
        if len(bundle) == 1:
            return bundle[0][1]
        return render(
            "digest",
            package="wardship.core.notices.templates",
            organisation=reader.organisation,
            count=len(bundle),
            items=[(Marked(text.title), Marked(text.source)) for _, text in bundle[:MOST_IN_A_MAIL]],
            link=console_url(self.deployment.settings, reader.slug, "notices"),
        )


def next_morning(now: datetime, zone: str) -> datetime:
    """Return the next morning after a moment, by the clock of a time zone."""
    place = zone_or_utc(zone)
    local = now.astimezone(place)
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, place)


def _waits_for_morning(reader: Reader, notice: DueNotice) -> bool:
    is_urgent = notice.kind is not None and notice.kind.is_urgent
    return notice.is_new and not is_urgent and reader.pace != "at_once"


def _bundles(notices: list[_Worded]) -> list[list[_Worded]]:
    """Return which notices share a mail: those that waited, and all when many are due at once."""
    at_once = [item for item in notices if item[0].is_new]
    if len(at_once) > MOST_AT_ONCE:
        return [notices]
    waited = [item for item in notices if not item[0].is_new]
    return [*([item] for item in at_once), *([waited] if waited else [])]
