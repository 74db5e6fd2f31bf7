"""What a person was told, and how he or she wants to be mailed, as the API shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, cast
from uuid import UUID

import strawberry

from wardship.core.notice_kind import Audience, NoticeKind, Way
from wardship.core.notices.preferences import NoticePreference, Pace
from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import global_id
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.relations import extends
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field, root_field
from wardship.graphql.organisations.model import Viewer
from wardship.tenants.notices.choose import own_preference
from wardship.tenants.notices.read import NoticeRecord, NoticesNow, count_unread, list_notices

strawberry.enum(Audience, name="NoticeAudience", description="Who is told.")
strawberry.enum(Way, name="NoticeWay", description="How somebody is told.")
strawberry.enum(Pace, name="NoticePace", description="When what is not urgent is mailed.")

TARGETS: Final = {
    "approval": "Approval",
    "data_request": "DataRequest",
    "domain_claim": "Domain",
    "domain_grouping": "Grouping",
    "group": "Group",
    "identity_provider": "IdentityProvider",
    "installation": "Installation",
    "invitation": "Invitation",
    "manual_task": "ManualTask",
    "member": "Member",
    "merger": "Merger",
    "obligation": "Obligation",
    "provisioning_token": "ProvisioningToken",
    "remote_integration": "RemoteIntegration",
}
"""The type of object that a notice is about, by the word that the audit has for it: those that `node` takes."""


def _target(target: tuple[str, UUID]) -> strawberry.ID | None:
    name = TARGETS.get(target[0])
    return None if name is None else global_id(name, target[1])


@object_type(NoticeRecord)
class Notice(Node):
    """Something that you were told."""

    id: strawberry.ID = global_id_field("Notice")
    created_at: datetime = field("When it was told.")
    kind: str = field("What kind of event it tells of: see `noticeKinds`.")
    title: str = field("What happened, on one line: the subject of its mail.")
    body: str = field("What it says, as plain text.")
    is_urgent: bool = field("Whether it is mailed at once, whatever you chose: security, deadlines and rights.")
    organisation_slug: str = field("The short name of the organisation that it is about; empty for your account.")
    url: str = field("The page that it leads to.")
    read_at: datetime | None = field("When you marked it as read.")

    target_id: strawberry.ID | None = field(
        "The id of what it is about, as `node` takes it; null where that is nothing of its own.",
        source="target",
        convert=_target,
    )


@object_type(NoticesNow)
class NoticeNews:
    """What is new among what you were told."""

    unread: int = field("How many notices you have not read; 100 stands for 100 or more.")
    newest: Notice | None = field("The newest one.")


@object_type(NoticePreference)
class NoticeChoice:
    """How you are mailed, in every organisation."""

    pace: Pace = field("When what is not urgent is mailed: at once, or once a day in the morning of your time zone.")
    turned_off: list[str] = field("Names of the kinds that are told in the product alone.", size=20)


@object_type(NoticeKind, name="NoticeKind")
class KindOfNotice:
    """A kind of notice: who is told, when, and by which way."""

    name: str = field("Its name, as in `Notice.kind`.")
    audience: Audience = field("Who is told.")
    when: str = field("The event, in words.")
    way: Way = field("Whether it is told in the product, by mail, or by both.")
    is_urgent: bool = field("Whether it is mailed at once, whatever was chosen.")
    can_be_turned_off: bool = field("Whether it may be told in the product alone.")


@extends(Viewer)
class ViewerNotices:
    """What the caller was told."""

    @batch_field(cost=2)
    @staticmethod
    async def notices(
        parents: Sequence[Viewer],
        info: BatchInfo[ApiContext],
        first: int = 20,
        after: str | None = None,
        *,
        is_unread: bool = False,
    ) -> Sequence[Connection[Notice]]:
        """What you were told here, and as the owner of your account, latest first."""
        request = page_request(first, after)
        page = await list_notices(info.context.access, request, is_unread=is_unread)
        found = connection(page, request)
        return [cast("Connection[Notice]", found) for _ in parents]

    @batch_field(cost=2)
    @staticmethod
    async def unread_notices(parents: Sequence[Viewer], info: BatchInfo[ApiContext]) -> Sequence[int]:
        """How many of them you have not read; 100 stands for 100 or more."""
        return [await count_unread(info.context.access)] * len(parents)

    @batch_field(cost=2)
    @staticmethod
    async def notice_choice(parents: Sequence[Viewer], info: BatchInfo[ApiContext]) -> Sequence[NoticeChoice]:
        """How you are mailed."""
        return cast("list[NoticeChoice]", [await own_preference(info.context.access)] * len(parents))


@strawberry.type
class NoticeQueries:
    """Kinds of notices."""

    @root_field(cost=1, size=100)
    async def notice_kinds(self, info: ApiInfo) -> list[KindOfNotice]:
        """Who is told what, when, and by which way: every kind of notice, by name."""
        kinds = info.context.access.services.nouns.notice_kinds
        return cast("list[KindOfNotice]", [kinds[name] for name in sorted(kinds)])
