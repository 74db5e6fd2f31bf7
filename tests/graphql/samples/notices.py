"""Samples of what people are told."""

from __future__ import annotations

from tests.graphql.calls import gid
from tests.graphql.sample import mutation, query
from tests.graphql.world import World


async def populate(world: World) -> None:
    """A notice to the subject."""
    subject = world.people["subject"].member_id
    world.ids["notice"] = await world.insert(
        "notice",
        member_id=subject,
        kind="restriction_stays",
        target_kind="member",
        target_id=subject,
        event=b"event",
        mail_state="mailed",
        mail_at=world.services.clock.now(),
    )


SAMPLES = [
    query("noticeKinds", "{ noticeKinds { name audience when way isUrgent canBeTurnedOff } }"),
    mutation(
        "markNoticesRead", "MarkNoticesReadInput", lambda world: {"noticeIds": [gid("Notice", world.ids["notice"])]}
    ),
    mutation("chooseNotices", "ChooseNoticesInput", lambda _: {"pace": "AT_ONCE", "turnedOff": []}),
    query("noticeAdded", "subscription { noticeAdded { unread newest { id title targetId url } } }"),
]


FILTERS = {"Viewer.notices(isUnread)": ("isUnread: true",)}

KEYS = {"Notice": "N"}


CROWD = """
insert into notice (organisation_id, id, created_at, member_id, kind, target_kind, target_id, details, event,
        mail_state, mail_at, read_at)
    select organisation_id, key('N', place, n), at, case when n = 7 then asker else subject end, 'restriction_stays',
        'member', subject, '{}',
        convert_to(n::text, 'UTF8'), 'mailed', at, case when not is_last then at end from number;
insert into account_notice (id, created_at, account_id, kind, details, event, mail_state, mail_at, read_at)
    select key('n', place, n), at, key('A', 0, case when n % 4 = 0 then 1 else n end), 'mail_refused',
        '{"reason": "x"}', convert_to(n::text, 'UTF8'), 'mailed', at, case when not is_last then at end
    from number where place = 0;
"""
