"""Every way to a role, and every way that takes one, needs the same: derived from who writes tables that hold roles.

A new way turns this red until it stands among the acts, which are tried, or among the others, with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from tests.builders import Organisation, Person, access_for, make_group, make_member, make_organisation, system_access
from tests.codebase.callers import ways_to
from tests.codebase.table_writers import ROOT, modules_in, writes
from tests.mails import invitation_token
from tests.tenants.operating import operator, register
from wardship.app.nouns import domain_nouns
from wardship.core.actor import Actor, CredentialKind, Role, StaffRole
from wardship.core.errors import InvalidInputError, PermissionDeniedError
from wardship.tenants.access import Access, InsufficientScopeError, Services, StepUpRequiredError
from wardship.tenants.groups.people import add_to_group, remove_each_from_group, remove_from_group, set_group_role
from wardship.tenants.groups.rules.change import let_rule_go, preview_rule, set_rule
from wardship.tenants.groups.rules.records import RuleAttribute, RuleCondition
from wardship.tenants.groups.visibility import GroupRole
from wardship.tenants.invitations.accept import accept_invitation
from wardship.tenants.invitations.correct import correct_member_email
from wardship.tenants.invitations.invite import InvitationEndedError, invite_member
from wardship.tenants.members.add import add_member
from wardship.tenants.members.insert import NewMember
from wardship.tenants.members.membership import (
    deactivate_member,
    deactivate_members,
    reactivate_member,
    reactivate_members,
    remove_member,
    remove_members,
    restore_member,
    suspend_at_request,
)
from wardship.tenants.members.profile import update_member
from wardship.tenants.members.ranks import NotBelowYouError
from wardship.tenants.members.roles import assign_role, assign_role_to_members, withdraw_role
from wardship.tenants.organisation_lifecycle.found import found_organisation
from wardship.tenants.organisations.transfer import accept_ownership, offer_ownership
from wardship.tenants.requests.ended_memberships import reactivate_my_membership
from wardship.tenants.staff.staff import add_to_staff, remove_from_staff

pytestmark = pytest.mark.anyio

STATES = {"tenants/members/membership._set_states", "tenants/members/join.join"}
"""Who was out and comes back has the roles of before; a membership that was prepared has those that it was given."""


def _writers_of_roles() -> set[str]:
    """Return what writes a table with a column of roles, or an offer of the owner's, or brings a membership back."""
    tables = {
        table._meta.tablename
        for table in domain_nouns().tables
        if {"role", "roles"} & {column._meta.name for column in table._meta.columns}
    }
    found = writes()
    return STATES | {write.writer for table in tables | {"ownership_transfer"} for write in found[table]}


@dataclass
class Place:
    """An organisation with somebody of each rank."""

    services: Services
    organisation: Organisation
    olga: Person
    adam: Person
    auda: Person
    ann: Person
    group: UUID
    gina: Person
    transfer: UUID

    def as_adam(self, act: Act) -> tuple[Person, Act]:
        return self.adam, act


Act = Callable[[Access], Awaitable[object]]


@pytest.fixture
async def place(services, database, owner):
    organisation = await make_organisation(database, "a")
    olga = await make_member(database, organisation, Role.ORG_OWNER, name="Olga")
    adam = await make_member(database, organisation, Role.ORG_ADMIN, name="Adam")
    auda = await make_member(database, organisation, Role.AUDITOR, name="Auda")
    ann = await make_member(database, organisation, name="Ann")
    gina = await make_member(database, organisation, name="Gina")
    group = await make_group(database, organisation, "Team", gina)
    await owner.execute("update group_membership set role = 'group_owner'")
    await make_group(database, organisation, "Others", gina, ann)  # where they see one another
    async with access_for(services, olga) as access:
        transfer = (await offer_ownership(access, adam.member_id)).id
    return Place(services, organisation, olga, adam, auda, ann, group, gina, transfer)


async def _prepared(place: Place, role: Role, email: str = "pat@example.org") -> UUID:
    """Prepare a membership without an account, with a role."""
    new = NewMember("Pat", email, roles=frozenset({role}))
    async with system_access(place.services, place.organisation) as access:
        await add_member(access, new)
    return new.id


async def _assign(place):
    return place.as_adam(lambda access: assign_role(access, place.ann.member_id, Role.AUDITOR))


def _of_many(act: Act) -> Act:
    """An act on many as one on the only member that it names."""

    async def raising(access: Access) -> None:
        for row in await act(access):
            if row.refusal is not None:
                raise row.refusal

    return raising


async def _assign_to_many(place):
    ids = [place.ann.member_id]
    return place.as_adam(_of_many(lambda access: assign_role_to_members(access, ids, Role.AUDITOR)))


async def _deactivate_many(place):
    return place.as_adam(_of_many(lambda access: deactivate_members(access, [place.auda.member_id])))


async def _remove_many(place):
    return place.as_adam(_of_many(lambda access: remove_members(access, [place.auda.member_id])))


async def _reactivate_many(place):
    await _reactivate(place)
    return place.as_adam(_of_many(lambda access: reactivate_members(access, [place.auda.member_id])))


async def _withdraw(place):
    return place.as_adam(lambda access: withdraw_role(access, place.auda.member_id, Role.AUDITOR))


async def _deactivate(place):
    return place.as_adam(lambda access: deactivate_member(access, place.auda.member_id))


async def _remove(place):
    return place.as_adam(lambda access: remove_member(access, place.auda.member_id))


async def _reactivate(place):
    async with access_for(place.services, place.adam) as access:
        await deactivate_member(access, place.auda.member_id)
    return place.as_adam(lambda access: reactivate_member(access, place.auda.member_id))


async def _restore(place):
    async with access_for(place.services, place.adam) as access:
        await remove_member(access, place.auda.member_id)
    return place.as_adam(lambda access: restore_member(access, place.auda.member_id))


async def _come_back(place):
    async with system_access(place.services, place.organisation) as access:
        await suspend_at_request(access, place.auda.member_id)
    who = replace(place.auda, roles=frozenset())
    return who, lambda access: reactivate_my_membership(access, who.member_id)


async def _come_back_to_a_group(place):
    async with system_access(place.services, place.organisation) as access:
        await suspend_at_request(access, place.gina.member_id)
    who = replace(place.gina, roles=frozenset())
    return who, lambda access: reactivate_my_membership(access, who.member_id)


async def _invite(place):
    return place.as_adam(lambda access: invite_member(access, "new@example.org", roles=[Role.AUDITOR]))


async def _invite_a_prepared_member(place):
    await _prepared(place, Role.AUDITOR)
    return place.as_adam(lambda access: invite_member(access, "pat@example.org"))


async def _invite_a_prepared_group_admin(place):
    pat = await _prepared(place, Role.MEMBER)
    async with access_for(place.services, place.adam) as access:
        await add_to_group(access, place.group, pat, GroupRole.GROUP_ADMIN)
    return place.as_adam(lambda access: invite_member(access, "pat@example.org"))


async def _correct_the_address(place):
    pat = await _prepared(place, Role.AUDITOR)
    return place.as_adam(lambda access: correct_member_email(access, pat, "another@example.org"))


async def _offer(place):
    async with place.services.database.tenant(place.organisation.id) as transaction:
        await transaction.execute("delete from ownership_transfer")
    return place.olga, lambda access: offer_ownership(access, place.adam.member_id)


async def _accept(place):
    return place.as_adam(lambda access: accept_ownership(access, place.transfer))


async def _add_to_group(place):
    add = add_to_group
    return place.gina, lambda access: add(access, place.group, place.ann.member_id, GroupRole.GROUP_ADMIN)


async def _set_group_role(place):
    async with access_for(place.services, place.gina) as access:
        await add_to_group(access, place.group, place.ann.member_id)
    change = set_group_role
    return place.gina, lambda access: change(access, place.group, place.ann.member_id, GroupRole.GROUP_ADMIN)


_RULE = [RuleCondition(RuleAttribute.JOB_TITLE, ("Welder",))]


async def _set_group_rule(place):
    async with access_for(place.services, place.adam) as access:
        await update_member(access, place.ann.member_id, {"job_title": "welder"})
        preview = await preview_rule(access, place.group, _RULE)
    return place.adam, lambda access: set_rule(access, place.group, _RULE, preview.fingerprint)


async def _end_group_rule(place):
    who, act = await _set_group_rule(place)
    async with access_for(place.services, who) as access:
        await act(access)
    return who, lambda access: let_rule_go(access, place.group, keeps_members=False)


async def _remove_from_group(place):
    async with access_for(place.services, place.gina) as access:
        await add_to_group(access, place.group, place.ann.member_id, GroupRole.GROUP_ADMIN)
    return place.gina, lambda access: remove_from_group(access, place.group, place.ann.member_id)


async def _remove_many_from_group(place):
    who, _ = await _remove_from_group(place)
    ids = [place.ann.member_id]
    return who, _of_many(lambda access: remove_each_from_group(access, place.group, ids))


async def _add(place):
    """The domain's own way, which no door leads to yet."""
    new = NewMember("Pat", "pat@example.org", roles=frozenset({Role.AUDITOR}))
    return place.as_adam(lambda access: add_member(access, new))


@dataclass(frozen=True)
class AsOperator:
    """The provider's operator, at the provider."""

    services: Services

    def actor(self, *, stepped_up: bool = True, **changes: object) -> Actor:
        acting = operator(self.services)
        return replace(acting, stepped_up_at=acting.stepped_up_at if stepped_up else None, **changes)


async def _add_staff(place):
    await register(place.services, "pia@example.org")
    add = add_to_staff
    return AsOperator(place.services), lambda access: add(access, "pia@example.org", StaffRole.PRIVACY_TEAM)


async def _remove_staff(place):
    who, add = await _add_staff(place)
    async with access_for(place.services, who.actor(), directory=True) as access:
        await add(access)
    return who, lambda access: remove_from_staff(access, "pia@example.org", [StaffRole.PRIVACY_TEAM])


async def _found(place):
    await register(place.services, "pia@example.org")
    found = found_organisation
    return AsOperator(place.services), lambda access: found(
        access, slug="new", name="New", owner_email="pia@example.org"
    )


ACTS = {
    "graphql/provider/mutations.OperatorMutations.create_organisation": [_found],
    "graphql/provider/staff.StaffMutations.add_staff": [_add_staff],
    "graphql/provider/staff.StaffMutations.remove_staff": [_remove_staff],
    "graphql/groups/mutations.GroupMutations.add_group_member": [_add_to_group],
    "graphql/groups/mutations.GroupMutations.remove_group_member": [_remove_from_group],
    "graphql/groups/mutations.GroupMutations.set_group_role": [_set_group_role],
    "graphql/groups/rules.GroupRuleMutations.set_group_rule": [_set_group_rule],
    "graphql/groups/rules.GroupRuleMutations.end_group_rule": [_end_group_rule],
    "graphql/invitations/mutations.InvitationMutations.invite_member": [
        _invite,
        _invite_a_prepared_member,
        _invite_a_prepared_group_admin,
    ],
    "graphql/invitations/mutations.InvitationMutations.correct_member_email": [_correct_the_address],
    "graphql/groups/mutations.GroupMutations.remove_group_members": [_remove_many_from_group],
    "graphql/members/mutations.MemberMutations.assign_role_to_members": [_assign_to_many],
    "graphql/members/mutations.MemberMutations.deactivate_members": [_deactivate_many],
    "graphql/members/mutations.MemberMutations.reactivate_members": [_reactivate_many],
    "graphql/members/mutations.MemberMutations.remove_members": [_remove_many],
    "graphql/members/mutations.MemberMutations.assign_role": [_assign],
    "graphql/members/mutations.MemberMutations.deactivate_member": [_deactivate],
    "graphql/members/mutations.MemberMutations.reactivate_member": [_reactivate],
    "graphql/members/mutations.MemberMutations.remove_member": [_remove],
    "graphql/members/mutations.MemberMutations.restore_member": [_restore],
    "graphql/members/mutations.MemberMutations.withdraw_role": [_withdraw],
    "graphql/organisations/mutations.OrganisationMutations.accept_ownership": [_accept],
    "graphql/organisations/mutations.OrganisationMutations.offer_ownership": [_offer],
    "graphql/requests/grace.GraceMutations.reactivate_my_membership": [_come_back, _come_back_to_a_group],
}
"""By way, what gives or takes a role: done by whom the rank allows it."""

OTHERS = {
    "graphql/groups/mutations.GroupMutations.add_group_members": "puts people in as plain members",
    "graphql/requests/disowning.DisowningMutations.disown_membership": "the person ends what was made without asking",
    "graphql/account_claims/own.OwnClaimMutations.stay_with_account_claim": "the person joins without any role",
    "tenants/account_claims/noun.wardship_routes": "the person joins without any role",
    "tenants/account_claims/noun.wardship_sweeps": "who is new joins without any role, by the policy of a domain",
    "graphql/approvals/model.ApprovalMutations.approve_deletion": "does what was asked for with one: see its own tests",
    "graphql/members/mutations.MemberMutations.import_members": "its rows hold no roles",
    "graphql/invitations/mutations.InvitationMutations.revoke_invitation": "ends what was only offered",
    "graphql/organisations/mutations.OrganisationMutations.cancel_ownership_offer": "ends what was only offered",
    "graphql/organisations/mutations.OrganisationMutations.decline_ownership": "ends what was only offered",
    "tenants/invitations/noun.wardship_routes": "gives what its sender might: see the tests of acceptance below",
    "tenants/single_sign_on/noun.wardship_routes": "joins with no role: see the tests of signing in by a provider",
    "tenants/single_sign_on/signing_in.SignInDesk.arrive": "likewise",
    "tenants/organisations/noun.wardship_member_listeners": "offers end with the membership",
    "tenants/groups/noun.wardship_member_listeners": "groups end with the membership; rules put plain members in",
    "tenants/groups/noun.wardship_sweeps": "rules put plain members in, as somebody set them with the second factor",
    "tenants/fulfilment/noun.wardship_sweeps": "ends memberships, by what two people decided",
    "tenants/invitations/noun.wardship_member_listeners": "revokes what members sent who are not active any more",
    "graphql/requests/mutations.RequestMutations.submit_request": "who belongs to no organisation becomes a customer",
    "tenants/scim/kinds.Users.create": "makes plain members, and gives a membership that had ended back as one",
    "tenants/scim/kinds.Users.update": "brings nobody with roles back: tests/tenants/scim/test_people.py",
    "tenants/scim/kinds.Users.delete": "ends memberships, by a token that was made with the second factor shown",
    "tenants/scim/kinds.Groups.create": "puts into groups as plain members",
    "tenants/scim/kinds.Groups.update": "likewise, and takes out",
    "app/commands/serve.create_worker_app": "puts the application together",
    "app/commands/describe.openapi": "likewise, to describe it",
    "app/commands/serve.serve": "the demonstration, loaded by the operator",
    "app/commands/provider.create_organisation": "the operator at the machine, who owns the database",
    "app/commands/provider.add_staff": "likewise",
    "app/commands/provider.remove_staff": "likewise",
    "tenants/mergers/noun.wardship_sweeps": "two owners agreed with one; roles end by it, and none is given",
    "tenants/appointments/noun.wardship_sweeps": "gives what an operator gave, to whoever has proven the address",
}

HELD = "select 'role', member_id::text, role from role_assignment union all select 'group', member_id::text, role"
HELD += " from group_membership where left_at is null union all select 'invited', email, roles::text from invitation"
HELD += " union all select 'offered', id::text, state from ownership_transfer"
HELD += " union all select 'staff', account_id::text, role from staff"
HELD += " union all select 'member', id::text, state || ' ' || email from member order by 1, 2, 3"

every_act = pytest.mark.parametrize("prepare", [*(act for acts in ACTS.values() for act in acts), _add])


def test_every_way_to_a_role_is_tried():
    assert ways_to(_writers_of_roles()) == {*ACTS, *OTHERS}, "a new way needs its act, or the reason why not"


@every_act
async def test_a_role_is_given_and_taken_with_a_fresh_second_factor_only(services, owner, place, prepare):
    who, act = await prepare(place)
    before = await owner.fetch(HELD)
    with pytest.raises(StepUpRequiredError):
        async with access_for(services, who.actor(stepped_up=False), directory=True) as access:
            await act(access)
    assert await owner.fetch(HELD) == before
    async with access_for(services, who.actor(), directory=True) as access:
        await act(access)
    assert await owner.fetch(HELD) != before


@every_act
async def test_a_token_gives_and_takes_roles_with_the_scope_admin_only(services, owner, place, prepare):
    who, act = await prepare(place)
    before = await owner.fetch(HELD)
    token = who.actor(credential=CredentialKind.TOKEN, scopes=frozenset({"read", "write"}), stepped_up=False)
    with pytest.raises((InsufficientScopeError, PermissionDeniedError)):
        async with access_for(services, token) as access:
            await act(access)
    assert await owner.fetch(HELD) == before


WAYS = ("assigned", "invited", "added", "invited as prepared", "reactivated")


@pytest.mark.parametrize(
    ("way", "role"),
    [(way, Role.ORG_ADMIN) for way in WAYS]
    + [(way, Role.ORG_OWNER) for way in WAYS if way != "invited as prepared"],  # an owner has an account
)
async def test_no_way_gives_a_role_as_high_as_the_own(services, owner, place, way, role):
    target = place.ann
    if way == "invited as prepared":
        await _prepared(place, role)
    if way == "reactivated":
        await owner.execute("delete from role_assignment where role = $1", role.value)
        await owner.execute(
            "update role_assignment set role = $1 where member_id = $2 and role = 'auditor'",
            role.value,
            place.auda.member_id,
        )
        await owner.execute("update member set state = 'deactivated' where id = $1", place.auda.member_id)
    acts: dict[str, Act] = {
        "assigned": lambda access: assign_role(access, target.member_id, role),
        "invited": lambda access: invite_member(access, "new@example.org", roles=[role]),
        "added": lambda access: add_member(access, NewMember("Pat", "pat@example.org", roles=frozenset({role}))),
        "invited as prepared": lambda access: invite_member(access, "pat@example.org"),
        "reactivated": lambda access: reactivate_member(access, place.auda.member_id),
    }
    before = await owner.fetch(HELD)
    with pytest.raises((NotBelowYouError, InvalidInputError)):
        async with access_for(services, place.adam) as access:
            await acts[way](access)
    assert await owner.fetch(HELD) == before


@pytest.fixture
async def pat(database):
    return await make_member(database, await make_organisation(database, "b"), name="Pat", email="pat@example.org")


async def _is_refused(services, owner, pat) -> None:
    before = await owner.fetch(HELD)
    with pytest.raises(InvitationEndedError):
        await accept_invitation(services, pat.account_id, await invitation_token(services), request_id="test-request")
    assert await owner.fetch(HELD) == before
    assert await owner.fetchval("select accepted_at from invitation") is None


async def test_an_invitation_from_before_the_second_factor_was_asked_for_brings_no_role(services, owner, place, pat):
    async with access_for(services, place.adam) as access:
        await invite_member(access, pat.email, roles=[Role.AUDITOR])
    await owner.execute("update invitation set is_stepped_up = false")  # what the migration knows of it
    await _is_refused(services, owner, pat)


async def test_an_invitation_brings_no_role_that_came_to_the_address_after_it(services, owner, place, pat):
    async with access_for(services, place.adam.actor(stepped_up=False)) as access:
        await invite_member(access, pat.email)
    await _prepared(place, Role.AUDITOR, "auditor@example.org")
    await owner.execute("update member set email = $1 where email = 'auditor@example.org'", pat.email)
    await _is_refused(services, owner, pat)


async def test_an_invitation_brings_no_role_that_ranks_as_high_as_its_sender(services, owner, place, pat):
    async with access_for(services, place.adam) as access:
        await invite_member(access, pat.email)
    await _prepared(place, Role.ORG_ADMIN, pat.email)
    await _is_refused(services, owner, pat)


@pytest.mark.parametrize("end", ["withdrawn", "lowered", "deactivated"])
async def test_an_invitation_brings_no_role_that_its_sender_may_give_no_more(services, owner, place, pat, end):
    async with access_for(services, place.adam) as access:
        await invite_member(access, pat.email, roles=[Role.PRIVACY_OFFICER])
    match end:
        case "withdrawn":
            await owner.execute("delete from role_assignment where role = 'org_admin'")
        case "lowered":
            await owner.execute("update role_assignment set role = 'privacy_officer' where role = 'org_admin'")
        case "deactivated":
            await owner.execute("update member set state = 'deactivated' where id = $1", place.adam.member_id)
    await _is_refused(services, owner, pat)


async def test_accepted_with_the_second_factor_shown_it_brings_the_role_of_a_prepared_membership(
    services, owner, place, pat
):
    prepared = await _prepared(place, Role.AUDITOR, pat.email)
    async with access_for(services, place.adam) as access:
        await invite_member(access, pat.email, roles=[Role.BILLING_CONTACT])
    joined = await accept_invitation(
        services, pat.account_id, await invitation_token(services), request_id="test-request"
    )
    assert joined.member_id == prepared
    held = await owner.fetch("select role from role_assignment where member_id = $1 order by role", prepared)
    assert [row["role"] for row in held] == ["auditor", "billing_contact", "member"]


def test_roles_to_be_given_are_made_by_the_rule_where_ownership_passes_and_at_the_founding_only():
    made = {
        module.relative_to(ROOT).with_suffix("").as_posix()
        for module in modules_in(ROOT)
        if re.search(r"\bGivenRoles\(|cast\([^)]*GivenRoles", module.read_text("utf-8"))
    }
    assert made == {"tenants/members/roles", "tenants/organisations/create"}
