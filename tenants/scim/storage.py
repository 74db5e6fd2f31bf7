"""Where the SCIM service reads and writes: our own tables, through what the domain does with people and groups.

Each operation is a transaction: a single request, or one operation of a bulk request, of which the others go on when it
fails. What is read to be changed is locked first, so that of two who change it the second sees what the first did.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from scim2_models import (
    NotFoundException,
    Resource,
    ResourceType,
    ResponseParameters,
    SearchRequest,
)
from scim2_server.storage import AsyncScimStorage, SearchPage

from wardship.core.actor import Actor
from wardship.core.errors import WardshipError
from wardship.tenants.access import Access, Services
from wardship.tenants.scim.attributes import as_id
from wardship.tenants.scim.authentication import require_still_opens
from wardship.tenants.scim.failing import scim_refusal
from wardship.tenants.scim.kinds import GROUPS, USERS, ResourceKind, Written, search_root
from wardship.tenants.scim.versions import require_version

_KINDS: Final[Mapping[str, ResourceKind]] = {"User": USERS, "Group": GROUPS}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody who was to be in a group, and is nobody here: the group's name, and the id that was given."""

    group: str
    value: str


class Storage(AsyncScimStorage):
    """The people and groups of one organisation, for one request of its directory.

    Args:
        services: the deployment.
        actor: the directory, by its token.
        request_id: of the call.

    Attributes:
        left_out: who was left out of groups.
    """

    def __init__(self, services: Services, actor: Actor, request_id: str) -> None:
        self._services = services
        self._actor = actor
        self._request_id = request_id
        self._access: Access | None = None
        self._locked: dict[UUID, str | None] = {}
        self._has_worked = False
        self.left_out: list[LeftOut] = []

    def _note(self, written: Written, resource: Resource[Any]) -> None:
        name = str(getattr(resource, "display_name", None) or resource.id)
        self.left_out += [LeftOut(name, each) for each in written.left_out]

    def operation(self) -> AbstractAsyncContextManager[None]:
        """Enclose one operation in a transaction of its own."""
        return self._operation()

    @asynccontextmanager
    async def _operation(self) -> AsyncIterator[None]:
        async with self._working():
            yield

    @asynccontextmanager
    async def _working(self) -> AsyncIterator[Access]:
        """Work in the operation's transaction, or in one of its own where nobody has begun an operation."""
        if self._access is not None:
            yield self._access
            return
        kept: WardshipError | None = None
        async with self._services.database.tenant(self._actor.organisation_id) as transaction:
            self._access = Access(self._actor, transaction, self._services, self._request_id)
            try:
                await self._still_opens(self._access)
                yield self._access
            except WardshipError as error:
                if not error.commits:
                    raise scim_refusal(error) from error
                kept = error
            finally:
                self._access = None
                self._locked.clear()
        if kept is not None:
            raise scim_refusal(kept) from kept

    async def _still_opens(self, access: Access) -> None:
        """Refuse the later operations of a bulk request whose token was revoked, or organisation suspended, meanwhile.

        Raises:
            UnauthorizedException: it was.
        """
        if self._has_worked:
            await require_still_opens(access)
        self._has_worked = True

    async def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        """Return a resource; one that is asked for to be changed is locked."""
        kind, found = _kind(resource_type), as_id(resource_id)
        async with self._working() as access:
            resource = None
            if found is not None:
                lock = response_parameters is None
                resource = await kind.read(access, found, response_parameters, is_locked=lock)
                if resource is not None and lock:
                    self._locked[found] = _version(resource)
        if resource is None:
            raise _absent()
        return resource

    async def search(
        self,
        resource_types: list[ResourceType],
        search_request: SearchRequest[Any],
        *,
        position: object = None,
    ) -> SearchPage:
        """Return a page of the resources of one type, or of both."""
        del position
        async with self._working() as access:
            if len(resource_types) > 1:
                return await search_root(access, search_request)
            return await _kind(resource_types[0]).search(access, search_request)

    async def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """Make a resource and return it."""
        kind = _kind(resource_type)
        async with self._working() as access:
            written = await kind.create(access, resource)
            self._note(written, resource)
            return await self._found(kind, access, written.id)

    async def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        """Bring a resource into another state and return it."""
        kind = _kind(resource_type)
        async with self._working() as access:
            resource_id = await self._lock(kind, access, resource.id, expected_version)
            self._note(await kind.update(access, resource_id, resource), resource)
            return await self._found(kind, access, resource_id)

    async def delete(
        self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None
    ) -> None:
        """Take a resource out; nothing is erased."""
        kind = _kind(resource_type)
        async with self._working() as access:
            await kind.delete(access, await self._lock(kind, access, resource_id, expected_version))

    async def _lock(
        self, kind: ResourceKind, access: Access, resource_id: str | None, expected_version: str | None
    ) -> UUID:
        """Return the id of a resource that is to be changed, of this version; nobody else changes it meanwhile."""
        found = as_id(resource_id or "")
        if found is None:
            raise _absent()
        if found not in self._locked:
            current = await kind.read(access, found, None, is_locked=True)
            if current is None:
                raise _absent()
            self._locked[found] = _version(current)
        require_version(self._locked[found], expected_version)
        return found

    async def _found(self, kind: ResourceKind, access: Access, resource_id: UUID | None) -> Resource[Any]:
        found = None if resource_id is None else await kind.read(access, resource_id, None, is_locked=False)
        if found is None:
            raise _absent()
        return found


def _kind(resource_type: ResourceType) -> ResourceKind:
    return _KINDS[str(resource_type.name)]


def _version(resource: Resource[Any]) -> str | None:
    return resource.meta.version if resource.meta else None


def _absent() -> NotFoundException:
    """Return the one answer for what is absent, and for what is another organisation's."""
    return NotFoundException(detail="There is no such resource.")
