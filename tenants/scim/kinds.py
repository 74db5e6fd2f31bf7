"""Users and groups: what each kind of resource is read by, and what the domain does when one is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast
from uuid import UUID

from scim2_models import Path, Resource, ResponseParameters, SearchRequest
from scim2_server.storage import SearchPage
from scim2_server.utils import parametrize

from wardship.tenants.access import Access
from wardship.tenants.groups.managed import (
    close_managed_group,
    describe_managed_group,
    make_managed_group,
    set_managed_people,
)
from wardship.tenants.permissions import Permission
from wardship.tenants.provisioning.people import add_person, change_person, remove_person
from wardship.tenants.scim import groups, users
from wardship.tenants.scim.attributes import GROUP_ATTRIBUTES, USER_ATTRIBUTES
from wardship.tenants.scim.resources import Group, User
from wardship.tenants.scim.searches import Tables, find, find_many, search, search_all

_USERS: Final = Tables(users.UserModel, "m", "member", users.ENTRY, users.IS_USER, USER_ATTRIBUTES, users.SEEDS)
_GROUPS: Final = Tables(groups.GroupModel, "g", "user_group", "", groups.IS_GROUP, GROUP_ATTRIBUTES, groups.SEEDS)


@dataclass(frozen=True, slots=True)
class Written:
    """A resource that was written.

    Attributes:
        id: its id.
        left_out: ids that were to be in it, and are nobody's here.
    """

    id: UUID
    left_out: tuple[str, ...] = ()


class ResourceKind(Protocol):
    """What the storage asks of each kind of resource."""

    async def read(
        self, access: Access, resource_id: UUID, parameters: ResponseParameters[Any] | None, *, is_locked: bool
    ) -> Resource[Any] | None:
        """Return one, with what the parameters keep; None where there is none."""
        ...

    async def search(self, access: Access, request: SearchRequest[Any]) -> SearchPage:
        """Return a page of those that match."""
        ...

    async def read_many(
        self, access: Access, ids: Collection[UUID], request: SearchRequest[Any]
    ) -> list[Resource[Any]]:
        """Return several, in no order."""
        ...

    async def create(self, access: Access, resource: Resource[Any]) -> Written:
        """Make one."""
        ...

    async def update(self, access: Access, resource_id: UUID, wanted: Resource[Any]) -> Written:
        """Bring one, which is locked, into another state."""
        ...

    async def delete(self, access: Access, resource_id: UUID) -> None:
        """Take one out."""
        ...


class Users:
    """Members of the organisation."""

    async def read(
        self, access: Access, resource_id: UUID, parameters: ResponseParameters[Any] | None, *, is_locked: bool
    ) -> User[Any] | None:
        """Return a member; see ``ResourceKind``."""
        access.require(Permission.MEMBERS_READ_DETAILS)
        columns = users.shown(with_groups=_keeps(users.UserModel, "groups", parameters))
        row = await find(access, _USERS, resource_id, columns, is_locked=is_locked)
        return None if row is None else users.user_of(row)

    async def search(self, access: Access, request: SearchRequest[Any]) -> SearchPage:
        """Return a page of members."""
        access.require(Permission.MEMBERS_READ_DETAILS)
        columns = users.shown(with_groups=_keeps(users.UserModel, "groups", request))
        found = await search(access, _USERS, request, columns)
        return SearchPage(found.total, [users.user_of(row) for row in found.rows])

    async def read_many(
        self, access: Access, ids: Collection[UUID], request: SearchRequest[Any]
    ) -> list[Resource[Any]]:
        """Return several members."""
        columns = users.shown(with_groups=_keeps(users.UserModel, "groups", request))
        return [users.user_of(row) for row in await find_many(access, _USERS, ids, columns)]

    async def create(self, access: Access, resource: Resource[Any]) -> Written:
        """Make somebody a member."""
        return Written(await add_person(access, users.person_of(cast("User[Any]", resource))))

    async def update(self, access: Access, resource_id: UUID, wanted: Resource[Any]) -> Written:
        """Bring a member in line."""
        await change_person(access, resource_id, users.person_of(cast("User[Any]", wanted)))
        return Written(resource_id)

    async def delete(self, access: Access, resource_id: UUID) -> None:
        """End a membership."""
        await remove_person(access, resource_id)


class Groups:
    """Groups on whose people the directory decides."""

    async def read(
        self, access: Access, resource_id: UUID, parameters: ResponseParameters[Any] | None, *, is_locked: bool
    ) -> Group | None:
        """Return a group; see ``ResourceKind``."""
        access.require(Permission.GROUPS_READ_ALL)
        row = await find(access, _GROUPS, resource_id, _group_columns(parameters), is_locked=is_locked)
        return None if row is None else groups.group_of(row)

    async def search(self, access: Access, request: SearchRequest[Any]) -> SearchPage:
        """Return a page of groups."""
        access.require(Permission.GROUPS_READ_ALL)
        found = await search(access, _GROUPS, request, _group_columns(request))
        return SearchPage(found.total, [groups.group_of(row) for row in found.rows])

    async def read_many(
        self, access: Access, ids: Collection[UUID], request: SearchRequest[Any]
    ) -> list[Resource[Any]]:
        """Return several groups."""
        return [groups.group_of(row) for row in await find_many(access, _GROUPS, ids, _group_columns(request))]

    async def create(self, access: Access, resource: Resource[Any]) -> Written:
        """Make a group."""
        group = cast("Group", resource)
        group_id = await make_managed_group(access, group.display_name or "", group.external_id or "")
        return await _with_people(access, group_id, group)

    async def update(self, access: Access, resource_id: UUID, wanted: Resource[Any]) -> Written:
        """Give a group the name and the people that the directory says."""
        group = cast("Group", wanted)
        written = await _with_people(access, resource_id, group)
        await describe_managed_group(access, resource_id, group.display_name or "", group.external_id or "")
        return written

    async def delete(self, access: Access, resource_id: UUID) -> None:
        """Archive a group."""
        await close_managed_group(access, resource_id)


USERS: Final = Users()
GROUPS: Final = Groups()


async def search_root(access: Access, request: SearchRequest[Any]) -> SearchPage:
    """Return a page of users and groups as one collection."""
    access.require(Permission.MEMBERS_READ_DETAILS)
    access.require(Permission.GROUPS_READ_ALL)
    total, listed = await search_all(access, (_USERS, _GROUPS), request)
    found: dict[str | None, Resource[Any]] = {}
    kinds: tuple[ResourceKind, ...] = (USERS, GROUPS)
    for number, kind in enumerate(kinds):
        ids = [each for place, each in listed if place == number]
        found |= {each.id: each for each in await kind.read_many(access, ids, request)} if ids else {}
    return SearchPage(total, [found[str(each)] for _, each in listed if str(each) in found])


async def _with_people(access: Access, group_id: UUID, group: Group) -> Written:
    people, nobody = groups.people_of(group)
    unknown = await set_managed_people(access, group_id, people)
    return Written(group_id, (*nobody, *map(str, unknown)))


def _group_columns(parameters: ResponseParameters[Any] | None) -> str:
    return groups.SHOWN + (groups.MEMBERS if _keeps(groups.GroupModel, "members", parameters) else "")


def _keeps(model: type[Resource[Any]], name: str, parameters: ResponseParameters[Any] | None) -> bool:
    """Return whether an answer keeps an attribute, which costs more than the others."""
    if parameters is None:
        return True
    kept: Collection[Path[Any]] = tuple(
        parametrize(Path, model).iter_paths(
            include_subattributes=False,
            attributes=parameters.attributes,
            excluded_attributes=parameters.excluded_attributes or ([] if parameters.attributes is None else None),
        )
    )
    return any(str(path).rpartition(":")[2] == name for path in kept)
