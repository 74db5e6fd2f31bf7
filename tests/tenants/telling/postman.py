"""Let what was told be mailed by a real SMTP server, and read it there and in the product."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from importlib import resources
from typing import Final

import asyncpg
import pytest

from tests.core.sign_in.conftest import Deployed
from tests.fixed_clock import FixedClock
from tests.inbox import Inbox
from tests.mail_parts import body_of, subject_of
from tests.mails import Told, forget_told
from wardship.core.mail.delivery import deliver_due
from wardship.core.notice_kind import NoticeKind, Way
from wardship.core.notices.mailing import next_morning
from wardship.graphql.api.identifiers import global_id
from wardship.graphql.notices.model import TARGETS
from wardship.tenants.access import Services
from wardship.tenants.notices.mailing import mail_notices

_IN_PRODUCT: Final = """
    select e.address from notice n join member m on m.organisation_id = n.organisation_id and m.id = n.member_id
        join account_email e on e.account_id = m.account_id and e.is_primary and e.verified_at is not null
    where n.kind = $1
    union all
    select e.address from account_notice n
        join account_email e on e.account_id = n.account_id and e.is_primary and e.verified_at is not null
    where n.kind = $1
"""
_TARGETS: Final = """
    select target_kind, target_id from notice where kind = $1 and target_id is not null
    union
    select target_kind, target_id from account_notice where kind = $1 and target_id is not null
"""


def tells(kind: NoticeKind) -> pytest.MarkDecorator:
    """Mark the test that drives the event of a kind and reads its mail."""
    return pytest.mark.tells(kind.name)


@dataclass
class Postman:
    """Carries the mails of one test.

    Attributes:
        services: whose settings name the SMTP server.
        inbox: what the server was given.
        asked: names of the kinds whose mails the test has read.
        is_morning: whether what was told has had its morning, and nothing was forgotten since.
    """

    services: Services
    clock: FixedClock
    owner: asyncpg.Connection
    inbox: Inbox
    asked: set[str] = field(default_factory=set)
    is_morning: bool = False

    async def mails(self, kind: NoticeKind) -> list[Told]:
        """Return the mails of a kind in the order in which they came, once all that was told is mailed.

        What is urgent is mailed at once, and the rest next morning; the clock goes on until then. Whoever was mailed
        reads it in the product too, and nobody else does, unless the kind has one way alone.
        """
        self.asked.add(kind.name)
        await self.send()
        if not kind.is_urgent and not self.is_morning:
            assert self._of(kind) == [], "it is not urgent, and was mailed at once"
            now = self.clock.now()
            self.clock.advance(next_morning(now, "UTC") - now)
            await self.send()
            self.is_morning = True
        found = self._of(kind)
        await self._compare_with_product(kind, found)
        return found

    async def of(self, kind: NoticeKind) -> list[Told]:
        """Return the mails of a kind that is told at once, wherever they went; the product is not compared."""
        self.asked.add(kind.name)
        await self.send()
        return self._of(kind)

    async def readers(self, kind: NoticeKind) -> list[str]:
        """Return who was mailed a kind, in order of the addresses, once for each mail."""
        return sorted(mail.recipient for mail in await self.mails(kind))

    async def forget(self) -> None:
        """Let go of what has been told so far, so that what follows stands alone."""
        await self.send()
        await forget_told(self.owner)
        self.inbox.messages.clear()
        self.is_morning = False

    async def everything(self) -> list[Told]:
        """Return all mails in the order in which they came, once all that is to be mailed at once is."""
        await self.send()
        return [Told(to[0], subject_of(message), body_of(message)) for to, message in self.inbox.messages]

    async def send(self) -> None:
        """Mail what is due."""
        await mail_notices(self.services)
        while await deliver_due(self.services.database, self.services.settings, self.clock, self.services.keys):
            pass

    def _of(self, kind: NoticeKind) -> list[Told]:
        pattern = _subject_pattern(kind)
        return [told for to, message in self.inbox.messages for told in _of_kind(pattern, to[0], message)]

    async def _compare_with_product(self, kind: NoticeKind, found: list[Told]) -> None:
        mailed = set() if kind.way is Way.PRODUCT else {mail.recipient for mail in found}
        shown = {row["address"] for row in await self.owner.fetch(_IN_PRODUCT, kind.name)}
        if kind.way is Way.BOTH:
            assert shown == mailed, f"{kind}: in the product {shown}, by mail {mailed}"
        assert kind.way is not Way.MAIL or shown == set()
        targets = await self.owner.fetch(_TARGETS, kind.name) if "{" in kind.page else []
        assert all(f"{{{TARGETS[row['target_kind']]}}}" in kind.page for row in targets), f"{kind}: of another type"
        ids = {global_id(TARGETS[row["target_kind"]], row["target_id"]) for row in targets}
        for mail in found:
            assert "None" not in mail.subject + mail.body
            assert self.services.settings.public_url in mail.body, f"{kind}: without a link"
            assert _leads_where_it_should(kind, mail.body, ids), f"{kind}: leads elsewhere: {mail.body}"


@dataclass(frozen=True, slots=True)
class Posted(Deployed):
    """The deployment of sign-in, whose mails an SMTP server is given."""

    postman: Postman

    async def mails(self, address: str) -> list[tuple[str, str]]:
        """Deliver what is due; return subject and body of all mails to an address, oldest first."""
        await self.postman.send()
        came = self.postman.inbox.messages
        return [(subject_of(message), body_of(message)) for to, message in came if to == [address]]


def _leads_where_it_should(kind: NoticeKind, body: str, ids: set[str]) -> bool:
    """Return whether a mail has the address of the kind's page, with one of the ids; where its text has any."""
    if "{{ link" not in _template(kind) or not kind.page.strip("/"):
        return True
    if kind.page.startswith("/"):
        return re.search(rf"/console{re.escape(kind.page)}(?![-\w/])", body) is not None
    places = [page.partition("/{")[0] for page in (kind.page, kind.own_page) if page]
    has_page = any(re.search(rf"/console/o/[-\w]+/{re.escape(place)}(?![-\w])", body) for place in places)
    return has_page and (not ids or bool(kind.own_page) or any(identifier in body for identifier in ids))


def _template(kind: NoticeKind) -> str:
    return resources.files(kind.package).joinpath(f"{kind.name}.txt").read_text()


def _subject_pattern(kind: NoticeKind) -> re.Pattern[str]:
    """Return what the first line of a kind's template makes."""
    first, _, _ = _template(kind).partition("\n")
    fixed = re.split(r"\{[{%].*?[%}]\}", " ".join(first.split()))
    return re.compile(".*".join(map(re.escape, fixed)))


def _of_kind(pattern: re.Pattern[str], recipient: str, message: EmailMessage) -> list[Told]:
    """Return the notices of a kind that a mail holds: itself, or entries of a digest."""
    subject, body = subject_of(message), body_of(message)
    if pattern.fullmatch(subject):
        return [Told(recipient, subject, body)]
    entries = re.findall(r"^\* (.*)$", body, re.MULTILINE)
    return [Told(recipient, entry, body) for entry in entries if pattern.fullmatch(entry)]
