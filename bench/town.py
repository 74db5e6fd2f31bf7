"""The organisation of part (d): its people, what they wrote and shared, and what is connected to some of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bench import steps
from bench.data import Caller
from bench.writing import Somebody, Text, people, texts
from wardship.core.actor import Role
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Services

_AT = datetime(2026, 2, 1, tzinfo=UTC)
_NEIGHBOURS = 5


@dataclass(frozen=True, slots=True)
class Town:
    """What there is.

    Attributes:
        admin: who decides; with a token.
        neighbour: somebody of another organisation, with a token.
        sought: those who are to be erased, each connected to every installation.
        by_hand: as many others, about whom as much is written and who are connected to nothing.
        posts: identifiers of all posts, in the order in which they were written.
    """

    organisation_id: UUID
    admin: Caller
    neighbour: Caller
    sought: Sequence[tuple[Somebody, Caller]]
    by_hand: Sequence[Somebody]
    posts: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class TownSize:
    """How much there is: authors, posts, files, installations, people to erase, and people to erase by hand."""

    authors: int
    posts: int
    files: int
    installations: int
    sought: int
    by_hand: int


async def build(services: Services, connection: Any, size: TownSize) -> Town:  # noqa: ANN401 - asyncpg has no types
    """Make it all: people and installations as everybody would, what they wrote by copying."""
    everybody = people(1 + size.authors + size.sought + size.by_hand)
    admin, authors = everybody[0], everybody[1 : 1 + size.authors]
    sought, by_hand = everybody[1 + size.authors :][: size.sought], everybody[1 + size.authors + size.sought :]
    organisation_id = uuid7()
    async with steps.acting_system(services, organisation_id) as access:
        await steps.found(access, "town", authors[0])
        chief = await steps.join(access, admin, Role.ORG_ADMIN)
        for author in (*authors[1:], *by_hand):
            await steps.join(access, author)
        connected = [(person, await steps.join(access, person)) for person in sought]
        square = await steps.gather(access, "Everybody", [admin.member_id, *(each.member_id for each in authors)])
        group_id = await steps.gather(access, "Connected", [person.member_id for person in sought])
    posts = await _write(connection, organisation_id, square, size, texts(size.posts, authors, (*sought, *by_hand)))
    files = _files(authors, (*sought, *by_hand), size.files)
    await _share_files(connection, ((organisation_id, square, *file) for file in files))
    for number in range(size.installations):
        await steps.install_nothing(services, chief, group_id, number)
    await steps.work_off(services)
    neighbour = await _neighbour(services, everybody[-1].number + 1)
    await connection.execute("vacuum analyze")
    await connection.execute("checkpoint")
    return Town(organisation_id, await steps.with_token(services, chief), neighbour, connected, by_hand, posts)


async def _neighbour(services: Services, first: int) -> Caller:
    owner, admin, *others = people(_NEIGHBOURS, first=first)
    async with steps.acting_system(services, uuid7()) as access:
        await steps.found(access, "neighbour", owner)
        caller = await steps.join(access, admin, Role.ORG_ADMIN)
        for other in others:
            await steps.join(access, other)
    return await steps.with_token(services, caller)


async def _write(
    connection: Any,  # noqa: ANN401 - asyncpg has no types
    organisation_id: UUID,
    group_id: UUID,
    size: TownSize,
    written: Iterator[Text],
) -> list[UUID]:
    every = timedelta(seconds=60)
    posts = [(uuid7(), _AT + number * every, text) for number, text in enumerate(written)]
    await connection.copy_records_to_table(
        "post",
        records=[(organisation_id, made, at, group_id, text.author.member_id, text.body) for made, at, text in posts],
        columns=["organisation_id", "id", "created_at", "group_id", "author_id", "body"],
    )
    await connection.copy_records_to_table(
        "mention",
        records=[(organisation_id, at, made, uuid7(), text.mentioned) for made, at, text in posts if text.mentioned],
        columns=["organisation_id", "created_at", "post_id", "id", "member_id"],
    )
    if len(posts) != size.posts:
        raise RuntimeError("Not every text was written.")
    return [made for made, *_ in posts]


async def _share_files(connection: Any, shared: Iterator[tuple[object, ...]]) -> None:  # noqa: ANN401 - asyncpg has no types
    columns = [
        "organisation_id",
        "group_id",
        "id",
        "created_at",
        "uploader_id",
        "name",
        "media_type",
        "size_bytes",
        "url",
    ]
    await connection.copy_records_to_table("file_reference", records=shared, columns=columns)


def _files(authors: Sequence[Somebody], sought: Sequence[Somebody], count: int) -> Iterator[tuple[object, ...]]:
    for number in range(count):
        author = authors[number % len(authors)]
        named = sought[number // 2 % len(sought)] if number % 2 else author
        name = f"{named.display_name.replace(' ', '_')}_CV.pdf" if number % 4 else f"Report {number}.pdf"
        url = f"https://files.quay{number % 9}.example/{number}.pdf"
        at = _AT + timedelta(seconds=number)
        yield uuid7(), at, author.member_id, name, "application/pdf", 100_000 + number, url


async def hand_over(connection: Any, town: Town, authors: Sequence[Somebody], each: int) -> None:  # noqa: ANN401 - asyncpg has no types
    """Make each of these people the author of so many posts, of none that another of them gets; tidy up after it.

    The posts of those before them have another author then: what is shared beside them is always as much.
    """
    owners = [author.member_id for author in authors for _ in range(each)]
    await connection.execute(
        "update post p set author_id = n.author_id from unnest($2::uuid[], $3::uuid[]) as n (id, author_id)"
        " where p.organisation_id = $1 and p.id = n.id",
        town.organisation_id,
        list(town.posts[: len(owners)]),
        owners,
    )
    await connection.execute("vacuum analyze post")
