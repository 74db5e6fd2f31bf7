"""Whatever changes a member tells the listeners of members, in the transaction of the change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.builders import access_for, make_group
from tests.connecting import Connections
from tests.mails import invitation_token
from tests.requesting import make_firm
from wardship.core.actor import Role, system_actor
from wardship.core.identifiers import uuid7
from wardship.tenants.invitations.accept import accept_invitation
from wardship.tenants.invitations.invite import invite_member
from wardship.tenants.members.add import ImportRow, import_members
from wardship.tenants.members.contact_address import set_email
from wardship.tenants.members.fields import ENDED, ERASED
from wardship.tenants.members.insert import NewMember
from wardship.tenants.members.membership import (
    deactivate_member,
    reactivate_member,
    remove_member,
    restore_member,
    resume_at_request,
    suspend_at_request,
)
from wardship.tenants.members.profile import correct_profile, update_own_profile
from wardship.tenants.members.roles import assign_role, withdraw_role
from wardship.tenants.organisations.create import create_organisation
from wardship.tenants.organisations.transfer import accept_ownership, offer_ownership
from wardship.tenants.requests.erasures import waive_cooling_off
from wardship.tenants.requests.states import RightKind

WRITERS = Path(__file__).resolve().parents[2] / "codebase" / "table_writers.txt"
QUIET = {
    "tenants/members/presence.Presence.note": "when somebody was last here is sent to nobody",
    "tenants/members/credentials.let_go_of_account": "recipients are told nothing of accounts",
    "tenants/members/credentials.end_sessions_of": "recipients are told nothing of sessions",
    "tenants/members/membership.end_disowned": "a removal, which tells as every other",
    "tenants/members/boundary.set_boundary": "recipients are sent nothing that a member did",
    "tenants/members/boundary.reveal_member": "what rests at recipients is shared again at the next reconciliation",
    "tenants/members/boundary._CONCEAL": "what recipients have rests while the domain may return",
    "tenants/members/boundary._REVEAL": "what rests at recipients is shared again at the next reconciliation",
    "tenants/members/join.join_as_plain_member": "told by who joins: see the tests of account claims",
    "tenants/members/customers.enter_customer": "the provider sends nothing of its customers to anybody",
}


@dataclass
class Listening:
    """The nouns, with one more listener; ``told`` holds the columns of each member, in order."""

    nouns: object
    told: list[tuple[object, frozenset[str]]] = field(default_factory=list)

    def __getattr__(self, name):
        return getattr(self.nouns, name)

    @property
    def member_listeners(self) -> Sequence:
        return (*self.nouns.member_listeners, self.listen)

    async def listen(self, _access, member_ids, columns):
        self.told += [(member_id, columns) for member_id in member_ids]


@pytest.fixture
async def listening(services):
    return Listening(services.nouns)


@pytest.fixture
async def firm(services, listening):
    return await make_firm(replace(services, nouns=listening))


async def _do(firm, who, action, *arguments, **more):
    async with firm.access(who) as access:
        return await action(access, *arguments, **more)


async def _deactivate(firm):
    await _do(firm, firm.admin, deactivate_member, firm.member.member_id)


async def _reactivate(firm):
    await _deactivate(firm)
    await _do(firm, firm.admin, reactivate_member, firm.member.member_id)


async def _remove(firm):
    await _do(firm, firm.admin, remove_member, firm.member.member_id)


async def _restore(firm):
    await _remove(firm)
    await _do(firm, firm.admin, restore_member, firm.member.member_id)


async def _deactivate_at_request(firm):
    await _do(firm, system_actor(firm.organisation.id), suspend_at_request, firm.member.member_id)


async def _reactivate_at_request(firm):
    await _deactivate(firm)
    await _do(firm, system_actor(firm.organisation.id), resume_at_request, firm.member.member_id)


async def _erase(firm):
    submitted = await firm.scheduled()
    await _do(firm, firm.member, waive_cooling_off, (await firm.right(submitted, RightKind.ERASURE)).id)
    await firm.run()


async def _pass_ownership(firm):
    transfer = await _do(firm, firm.owner, offer_ownership, firm.member.member_id)
    await _do(firm, firm.member, accept_ownership, transfer.id)


async def _create_organisation(firm):
    person = NewMember("Ada", "ada@example.org", firm.member.account_id)
    async with access_for(firm.services, system_actor(uuid7()), directory=True) as access:
        await create_organisation(access, slug="another", name="Another", owner=person)
    return person.id


async def _import(firm):
    (row,) = await _do(firm, firm.admin, import_members, [ImportRow("new@example.org")])
    return row.member_id


async def _rejoin(firm):
    await _remove(firm)
    await _do(firm, firm.owner, invite_member, firm.member.email)
    token = await invitation_token(firm.services)
    await accept_invitation(firm.services, firm.member.account_id, token, request_id="test")


async def _give_a_role(firm):
    await _do(firm, firm.owner, assign_role, firm.member.member_id, Role.AUDITOR)


async def _take_a_role(firm):
    await _give_a_role(firm)
    await _do(firm, firm.owner, withdraw_role, firm.member.member_id, Role.AUDITOR)


async def _rename(firm):
    await Connections(firm.services, firm.admin).connect("recorder")  # else nobody receives a name
    await _do(firm, firm.member, update_own_profile, {"last_name": "King"})


async def _set_email(firm):
    await Connections(firm.services, firm.admin).connect("recorder")
    await _do(firm, system_actor(firm.organisation.id), set_email, firm.member.member_id, "ada@elsewhere.example.org")


async def _correct(firm):
    await _do(firm, system_actor(firm.organisation.id), correct_profile, firm.member.member_id, {"last_name": "King"})


WAYS = {
    "deactivated by an administrator": (_deactivate, {"state"}, "membership._set_states"),
    "reactivated by an administrator": (_reactivate, {"state"}, "membership._set_states"),
    "removed": (_remove, {"state", ENDED}, "membership._remove"),
    "restored": (_restore, {"state", "roles"}, "membership._set_states"),
    "deactivated at request": (_deactivate_at_request, {"state"}, "membership._set_states"),
    "reactivated at request": (_reactivate_at_request, {"state"}, "membership._set_states"),
    "erased": (_erase, {ENDED, ERASED}, "membership.end_membership"),
    "made the owner": (_pass_ownership, {"roles"}, "roles.pass_ownership"),
    "made the owner of a new organisation": (_create_organisation, {"state", "roles"}, "roles.insert_roles"),
    "imported": (_import, {"display_name"}, "insert.insert_members"),
    "back by an invitation": (_rejoin, {"state"}, "join.join"),
    "given a role": (_give_a_role, {"roles"}, "roles._insert_role"),
    "without a role": (_take_a_role, {"roles"}, "roles.withdraw_role"),
    "renamed": (_rename, {"last_name"}, "profile._update"),
    "given another address": (_set_email, {"email"}, "contact_address.set_email"),
    "corrected at request": (_correct, {"last_name"}, "profile.correct_profile"),
}


@pytest.mark.parametrize("way", WAYS)
async def test_listeners_are_told(firm, listening, services, way):
    await make_group(services.database, firm.organisation, "Team", firm.member)
    change, columns, _ = WAYS[way]
    member_id = await change(firm) or firm.member.member_id
    told = [found for member, found in listening.told if member == member_id]
    assert any(columns <= found for found in told), told


def test_every_function_that_writes_members_is_among_the_ways():
    text = WRITERS.read_text("utf-8")
    blocks = re.findall(r"^(?:member|role_assignment) · .*\n((?:    .*\n)+)", text, re.MULTILINE)
    writers = {line.strip().split(":")[0] for block in blocks for line in block.splitlines()}
    assert writers == {f"tenants/members/{writer}" for _, _, writer in WAYS.values()} | set(QUIET)


async def test_groups_and_offers_of_an_erased_member_end(firm, services, owner):
    await make_group(services.database, firm.organisation, "Team", firm.member)
    await _do(firm, firm.owner, offer_ownership, firm.member.member_id)
    await _erase(firm)
    assert await owner.fetchval("select count(*) from group_membership where left_at is null") == 0
    assert await owner.fetchval("select state from ownership_transfer") == "cancelled"
