"""What a person may do with notices."""

from __future__ import annotations

import strawberry

from wardship.core.errors import InvalidInputError
from wardship.core.notices.preferences import NoticePreference, Pace
from wardship.graphql.api.command import Payload, command, object_payload
from wardship.graphql.api.identifiers import parse_id
from wardship.graphql.api.types import input_type
from wardship.graphql.engine import field
from wardship.graphql.notices.model import NoticeChoice
from wardship.tenants.access import Access
from wardship.tenants.notices.choose import choose_own_notices, own_preference
from wardship.tenants.notices.read import mark_notices_read

MOST = 100


@input_type
class MarkNoticesReadInput:
    """Notices that you have read."""

    notice_ids: list[strawberry.ID] | None = field("Which ones, 100 at most; all of yours when null.", default=None)


@input_type
class ChooseNoticesInput:
    """How you want to be mailed, in every organisation; what is not given, or null, stays as it is."""

    pace: Pace | None = field("When what is not urgent is mailed.", default=None)
    turned_off: list[str] | None = field(
        "Names of the kinds that are to be told in the product alone: those whose `canBeTurnedOff` is true.",
        default=None,
    )


@strawberry.type(description="How many are unread then, or why the call was refused.")
class MarkNoticesReadPayload(Payload):
    """How many are unread then, or why the call was refused."""

    unread: int | None = field("How many notices you have not read; 100 stands for 100 or more.", default=None)


ChooseNoticesPayload = object_payload("ChooseNoticesPayload", "choice", NoticeChoice)


@strawberry.type
class NoticeMutations:
    """Read, and how to be mailed."""

    @command()
    async def mark_notices_read(self, access: Access, input: MarkNoticesReadInput) -> MarkNoticesReadPayload:
        """Mark notices of yours as read."""
        ids = input.notice_ids
        if ids is not None and len(ids) > MOST:
            raise InvalidInputError(f"Mark at most {MOST} at a time, or all.", path=("notice_ids",))
        keys = None if ids is None else [parse_id("Notice", item, path=("notice_ids",)) for item in ids]
        return MarkNoticesReadPayload(unread=await mark_notices_read(access, keys))

    @command(ChooseNoticesPayload)
    async def choose_notices(self, access: Access, input: ChooseNoticesInput) -> NoticePreference:
        """Choose how you are mailed, in every organisation."""
        chosen = await own_preference(access)
        return await choose_own_notices(
            access,
            chosen.pace if input.pace is None else input.pace,
            chosen.turned_off if input.turned_off is None else input.turned_off,
        )
