"""What a limitation may name is checked when a right is approved (requirement D5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import NOW, make_group, make_member
from tests.limiting import HOLD, LATER, kept, limitation, post
from tests.mails import subjects, told
from wardship.app.nouns import domain_nouns
from wardship.core.database.personal_data import DeclaredTable
from wardship.core.database.tables import TenantRows
from wardship.core.errors import InvalidInputError
from wardship.core.identifiers import uuid7
from wardship.plugins.api.taxonomy import CATEGORIES
from wardship.tenants.content.share import create_post
from wardship.tenants.requests.limitations import LimitationNamesNothingError, LimitsEverythingError
from wardship.tenants.requests.states import RightKind, RightState
from wardship.tenants.requests.submit import RequestedRight, submit_request

ACCESS, ERASURE, RESTRICTION = RightKind.ACCESS, RightKind.ERASURE, RightKind.RESTRICTION


async def _refused(firm, owner, kind, *limitations, error=InvalidInputError, **options):
    submitted = await firm.submit(kind)
    with pytest.raises(error) as refusal:
        await firm.approve(submitted, kind, limitations=limitations, **options)
    right = await firm.right(submitted, kind)
    assert (right.state, right.limitations, right.decided_at) == (RightState.WITH_ADMIN, (), None)
    assert [subject for subject in await subjects(firm.services, owner) if subject.endswith("approved")] == []
    return refusal.value


async def test_words_alone_are_refused(firm, owner):
    refusal = await _refused(firm, owner, ACCESS, limitation="The minutes.", error=LimitationNamesNothingError)
    assert (refusal.code, refusal.path) == ("LIMITATION_NAMES_NOTHING", ("limitation",))


@pytest.mark.parametrize("reason", ["Ann\u202eyaR", "\u200b", "Ann\x00Ray"])
async def test_reason_that_nobody_reads_rightly_is_refused(firm, owner, reason):
    refusal = await _refused(firm, owner, ACCESS, limitation(categories=["user.name"], reason=reason))
    assert refusal.path[-1] == "reason"


@pytest.mark.parametrize("name", ["Ann\u202eyaR", "\u200b", "Ann\x00Ray"])
async def test_correction_to_a_name_that_nobody_reads_rightly_is_refused(firm, owner, name):
    with pytest.raises(InvalidInputError):
        async with firm.access(firm.member) as access:
            await submit_request(access, [RequestedRight(RightKind.CORRECTION, {"fields": {"last_name": name}})])
    assert await owner.fetchval("select count(*) from data_request") == 0


async def test_limitation_that_names_nothing_is_refused(firm, owner):
    await _refused(firm, owner, ACCESS, limitation(), error=LimitationNamesNothingError)


@pytest.mark.parametrize(
    ("kind", "named", "path"),
    [
        (ACCESS, {"categories": ["user.shoe_size"]}, "categories"),
        (ACCESS, {"columns": ["member.shoe_size"]}, "columns"),
        (ACCESS, {"columns": ["account_password.password_hash"]}, "columns"),
        (ACCESS, {"columns": ["user_group.name"]}, "columns"),
        (ACCESS, {"items": [post(uuid7())]}, "items"),
        (RightKind.PORTABILITY, {"columns": ["role_assignment.role"]}, "columns"),
        (RightKind.PORTABILITY, {"columns": ["looked_at_by"]}, "columns"),
        (ERASURE, {"columns": ["account_email.address"], "until": LATER}, "columns"),
        (ERASURE, {"columns": ["mentioned_in"], "until": LATER}, "columns"),
        (ERASURE, {"categories": ["user.name"]}, "until"),
        (ERASURE, {"categories": ["user.name"], "until": NOW - timedelta(days=1)}, "until"),
        (ERASURE, {"columns": ["member.phone"], "until": LATER, "keeps_at_recipients": True}, "keepsAtRecipients"),
        (ACCESS, {"categories": ["user.name"], "keeps_at_recipients": True}, "keepsAtRecipients"),
        (RESTRICTION, {"columns": ["member.phone"]}, None),
        (RightKind.DEACTIVATION, {"categories": ["user.name"]}, None),
    ],
)
async def test_what_is_unknown_or_not_of_the_right_is_refused(firm, owner, kind, named, path):
    refusal = await _refused(firm, owner, kind, limitation(**named))
    assert refusal.path == (("limitations", path) if path else ("limitations",))


def _topmost(table: type) -> list[str]:
    entries = [entry for entry in domain_nouns().held if issubclass(entry.table, table)]
    held = [held.category for entry in entries for held in entry.personal.values() if held.exported]
    return sorted({".".join(category.split(".")[:2]) for category in held} & CATEGORIES.keys())


@pytest.mark.parametrize(
    ("kind", "everything", "until"),
    [
        (ACCESS, _topmost(DeclaredTable), None),
        (RESTRICTION, sorted(CATEGORIES), None),
        (ERASURE, _topmost(TenantRows), LATER),
    ],
)
async def test_limitation_of_everything_is_refused_in_favour_of_a_refusal(firm, owner, kind, everything, until):
    found = await _refused(
        firm, owner, kind, limitation(categories=everything, until=until), error=LimitsEverythingError
    )
    assert "refuse it" in found.message


async def test_item_of_somebody_else_is_no_item_of_a_copy(firm, owner):
    colleague = await make_member(firm.services.database, firm.organisation, name="Charles Babbage")
    group = await make_group(firm.services.database, firm.organisation, "Team", firm.member, colleague)
    async with firm.access(colleague) as access:
        theirs = await create_post(access, group, "Nothing about anybody.")
    await _refused(firm, owner, ACCESS, limitation(items=[post(theirs.id)]))
    await _refused(firm, owner, RightKind.PORTABILITY, limitation(passages=[(post(theirs.id), "Nothing")]))


async def test_passage_has_to_stand_in_its_item(firm, owner):
    group = await make_group(firm.services.database, firm.organisation, "Team", firm.member)
    async with firm.access(firm.member) as access:
        mine = await create_post(access, group, "The wheels are new.")
    await _refused(firm, owner, ACCESS, limitation(passages=[(post(mine.id), "The board")]))
    await _refused(firm, owner, ERASURE, limitation(passages=[(post(mine.id), "wheels")], until=LATER))


async def test_only_a_legal_hold_is_kept_without_a_date(firm):
    submitted = await firm.submit(ERASURE)
    await firm.approve(submitted, ERASURE, limitations=[kept("user.name", reason_code=HOLD, until=None)])
    right = await firm.right(submitted, ERASURE)
    assert right.limitations[0].until is None


async def test_reasons_are_mailed_to_the_person_and_kept_beside_what_is_named(firm, owner):
    submitted = await firm.submit(ACCESS)
    await firm.approve(submitted, ACCESS, limitations=[limitation(reason="Charles asked.", columns=["member.phone"])])
    right = await firm.right(submitted, ACCESS)
    assert (right.limitation, right.decision_code) == ("Charles asked.", "partly_granted")
    assert right.limitations[0].reason == "Charles asked."
    row = await owner.fetchrow("select limitations::text as named, limitation_reasons from request_right")
    assert "Charles" not in row["named"]
    assert row["limitation_reasons"] == ["Charles asked."]
    assert "Charles asked." in " ".join(mail.body for mail in await told(firm.services, owner))


async def test_restriction_but_for_a_category_leaves_that_in_use(firm, owner):
    submitted = await firm.submit(RESTRICTION)
    await firm.approve(submitted, RESTRICTION, limitations=[limitation(categories=["user.contact.email"])])
    await firm.run()
    found = [row["category"] for row in await owner.fetch("select category from restriction where lifted_at is null")]
    assert "" not in found
    assert {"user.name", "user.contact.phone_number", "user.content"} <= set(found)
    assert not {"user.contact", "user.contact.email"} & set(found)
    right = await firm.right(submitted, RESTRICTION)
    assert (right.state, right.outcome) == (RightState.PARTIALLY_FULFILLED, "limited")
