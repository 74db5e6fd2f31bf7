"""What may be done to members."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from uuid import UUID

import strawberry

from wardship.core.actor import Role
from wardship.graphql.api.command import Payload, command
from wardship.graphql.api.context import ApiContext
from wardship.graphql.api.identifiers import id_argument, ids_argument
from wardship.graphql.api.refusals import UserError, user_error
from wardship.graphql.api.relations import reference
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.engine import BatchInfo, GlobalId, batch_field, field
from wardship.graphql.members.model import Member, optional_members, reassigned_field, related_members
from wardship.tenants.access import Access
from wardship.tenants.members.add import ImportResult, ImportRow, import_members
from wardship.tenants.members.batches import RowResult
from wardship.tenants.members.contact_address import choose_contact_address
from wardship.tenants.members.membership import (
    deactivate_member,
    deactivate_members,
    reactivate_member,
    reactivate_members,
    remove_members,
    restore_member,
)
from wardship.tenants.members.profile import PROFILE_FIELDS, update_member, update_own_profile
from wardship.tenants.members.records import MemberRecord
from wardship.tenants.members.roles import assign_role, assign_role_to_members, withdraw_role
from wardship.tenants.members.tombstones import Reassignable
from wardship.tenants.members.visibility import visible_members
from wardship.tenants.previews.acts import remove_member_as_previewed


@input_type
class ProfileInput:
    """Fields of a profile; what is not given stays as it is, an empty text removes it."""

    display_name: str | None = field("The name that is shown.", default=None)
    title: str | None = field("Title, as in a letter.", default=None)
    first_name: str | None = field("First name.", default=None)
    last_name: str | None = field("Last name.", default=None)
    job_title: str | None = field("Job title.", default=None)
    company: str | None = field("Company.", default=None)
    username: str | None = field("Username.", default=None)
    phone: str | None = field("Telephone number.", default=None)
    postal_address: str | None = field("Postal address.", default=None)
    picture_url: str | None = field("https address of a picture.", default=None)

    def given(self) -> dict[str, str]:
        """Return the fields that were given."""
        return {name: value for name in PROFILE_FIELDS if (value := getattr(self, name)) is not None}


@input_type
class UpdateMyProfileInput:
    """A change to your own profile."""

    profile: ProfileInput = field("What changes.")


@input_type
class ChooseContactAddressInput:
    """By which of your addresses you are known here."""

    email: str = field("An address of your account, proven by its mailed link.")


@input_type
class MemberInput:
    """A member to act on."""

    member_id: UUID = id_argument("Member", "The member's id.")


@input_type
class UpdateMemberInput(MemberInput):
    """A change to a member's profile."""

    profile: ProfileInput = field("What changes.")
    reassigned: list[Reassignable] = reassigned_field()


@input_type
class ImportRowInput:
    """One person to import."""

    email: str = field("The person's e-mail address.")
    profile: ProfileInput | None = field("What is known besides.", default=None)
    reassigned: list[Reassignable] = reassigned_field()


@input_type
class ImportMembersInput:
    """People to import, at most 1000, of whom about 300 with full profiles fit into the variables of a call.

    Send more as a file, by `POST /members/import`, or by more calls: each row stands for itself, and a person who is a
    member already is refused, so that an import can be repeated after any failure.
    """

    rows: list[ImportRowInput] = field("One for each person.")


@input_type
class RemoveMemberInput(MemberInput):
    """A member whose membership ends."""

    digest: str | None = field(
        "That of the preview that you looked at: it is refused once it would do something else.", default=None
    )


@input_type
class MembersInput:
    """Members to act on, at most 200."""

    member_ids: list[UUID] = ids_argument("Member", "Their ids.")


@input_type
class RoleOfMembersInput(MembersInput):
    """A role that members are given."""

    role: Role = field("The role.")


@input_type
class MemberRoleInput(MemberInput):
    """A role of a member."""

    role: Role = field("The role.")


@object_type()
class MemberPayload(Payload):
    """The member as it is afterwards, or why the call was refused."""

    member_key: strawberry.Private[UUID | None] = None
    own: strawberry.Private[MemberRecord | None] = None

    @batch_field(
        cost=2,
        description="The member as you see him or her now.",
        # What one sees of oneself is everything, before and after, and nobody is told of it.
        known=attrgetter("own"),
    )
    @staticmethod
    async def member(parents: Sequence[MemberPayload], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """Return the members of these payloads; what is shown of them is noted, as in a query."""
        keys = [parent.member_key for parent in parents]
        if not any(keys):
            return [None for _ in keys]
        reach = visible_members(info.context.access)
        return await optional_members(info.context, reach, keys, info.selection.fields())


@object_type(ImportResult)
class ImportedRow:
    """What became of one row of an import."""

    row: int = field("The row's place in the input, from 0.")
    member_id: strawberry.ID | None = field(
        "The id of the new member; null when refused.", source="member_id", convert=GlobalId.encoder("Member")
    )
    error: UserError | None = field(
        "Why the row was refused; null when it was accepted.", source="refusal", convert=user_error
    )


@object_type()
class ImportMembersPayload(Payload):
    """What became of each row, or why the whole import was refused."""

    rows: Sequence[ImportResult] = field(
        "One for each row of the input, in order.",
        cost=1,
        size=1000,
        default_factory=list,
        graphql_type=list[ImportedRow],
    )


@object_type(RowResult)
class MemberRow:
    """What became of one member of several; what is refused has changed nothing."""

    member_id: strawberry.ID = field("The id that was given.", source="id", convert=GlobalId.encoder("Member"))
    error: UserError | None = field("Why it was refused; null when it was done.", source="refusal", convert=user_error)
    member = reference(related_members, "id", "The member as you see him or her now; null for whom you may not see.")


@object_type()
class MemberRowsPayload(Payload):
    """What became of each member, or why the whole call was refused."""

    rows: Sequence[RowResult] = field(
        "One for each member, in the order given.",
        cost=1,
        size=200,
        default_factory=list,
        graphql_type=list[MemberRow],
    )


@strawberry.type
class MemberMutations:
    """Profiles, roles and standing."""

    @command()
    async def update_my_profile(self, access: Access, input: UpdateMyProfileInput) -> MemberPayload:
        """Change your own profile."""
        own = await update_own_profile(access, input.profile.given())
        return MemberPayload(member_key=own.id, own=own)

    @command()
    async def choose_contact_address(self, access: Access, input: ChooseContactAddressInput) -> MemberPayload:
        """Be known here by another address of your account, which has to be proven: see addMyAddress."""
        own = await choose_contact_address(access, input.email)
        return MemberPayload(member_key=own.id, own=own)

    @command()
    async def update_member(self, access: Access, input: UpdateMemberInput) -> MemberPayload:
        """Change the profile of a member below you."""
        changed = await update_member(
            access, input.member_id, input.profile.given(), reassigned=frozenset(input.reassigned)
        )
        return MemberPayload(member_key=changed.id)

    @command(cost=50)
    async def import_members(self, access: Access, input: ImportMembersInput) -> ImportMembersPayload:
        """Add many people at once, without accounts; each row is accepted or refused by itself."""
        rows = [
            ImportRow(row.email, row.profile.given() if row.profile else {}, frozenset(row.reassigned))
            for row in input.rows
        ]
        return ImportMembersPayload(rows=await import_members(access, rows))

    @command()
    async def assign_role(self, access: Access, input: MemberRoleInput) -> MemberPayload:
        """Give a member a role below yours; needs a second factor shown in the last ten minutes."""
        return MemberPayload(member_key=(await assign_role(access, input.member_id, input.role)).id)

    @command()
    async def withdraw_role(self, access: Access, input: MemberRoleInput) -> MemberPayload:
        """Take a role below yours from a member; needs a second factor shown in the last ten minutes."""
        return MemberPayload(member_key=(await withdraw_role(access, input.member_id, input.role)).id)

    @command()
    async def deactivate_member(self, access: Access, input: MemberInput) -> MemberPayload:
        """Suspend a membership: nothing more is shared, everything is kept; needs step-up."""
        return MemberPayload(member_key=(await deactivate_member(access, input.member_id)).id)

    @command()
    async def reactivate_member(self, access: Access, input: MemberInput) -> MemberPayload:
        """Let a deactivated member act again; needs step-up."""
        return MemberPayload(member_key=(await reactivate_member(access, input.member_id)).id)

    @command()
    async def remove_member(self, access: Access, input: RemoveMemberInput) -> MemberPayload:
        """End a membership, with its roles and groups; the data stays until erased; needs step-up."""
        return MemberPayload(member_key=(await remove_member_as_previewed(access, input.member_id, input.digest)).id)

    @command()
    async def restore_member(self, access: Access, input: MemberInput) -> MemberPayload:
        """Take a removal back: the person is a plain member again, without former groups and roles; needs step-up."""
        return MemberPayload(member_key=(await restore_member(access, input.member_id)).id)

    @command(cost=50)
    async def deactivate_members(self, access: Access, input: MembersInput) -> MemberRowsPayload:
        """Suspend memberships, each as `deactivateMember` does and refused by itself; needs step-up."""
        return MemberRowsPayload(rows=await deactivate_members(access, input.member_ids))

    @command(cost=50)
    async def reactivate_members(self, access: Access, input: MembersInput) -> MemberRowsPayload:
        """Let deactivated members act again, each as `reactivateMember` does; needs step-up."""
        return MemberRowsPayload(rows=await reactivate_members(access, input.member_ids))

    @command(cost=50)
    async def remove_members(self, access: Access, input: MembersInput) -> MemberRowsPayload:
        """End memberships, each as `removeMember` does; those beyond the limit of a day wait for approval."""
        return MemberRowsPayload(rows=await remove_members(access, input.member_ids))

    @command(cost=50)
    async def assign_role_to_members(self, access: Access, input: RoleOfMembersInput) -> MemberRowsPayload:
        """Give members a role below yours, each as `assignRole` does; needs step-up."""
        return MemberRowsPayload(rows=await assign_role_to_members(access, input.member_ids, input.role))
