"""A firm with people, a group, and who is in it by a rule."""

from __future__ import annotations

import pytest

from tests.builders import NOW, make_group, make_member, make_organisation
from wardship.core.actor import Role
from wardship.core.identifiers import uuid7


@pytest.fixture
async def firm(database):
    return await make_organisation(database, "firm")


@pytest.fixture
async def adam(database, firm):
    return await make_member(database, firm, Role.ORG_ADMIN, name="Adam")


@pytest.fixture
async def people(database, firm):
    """Ann, Bob and Çağla."""
    return [await make_member(database, firm, name=name) for name in ("Ann", "Bob", "Çağla")]


@pytest.fixture
async def group(database, firm):
    return await make_group(database, firm, "Team")


@pytest.fixture
def titled(owner):
    """Give members a job title, as if it had always been so."""

    async def run(title, *people):
        await owner.execute("update member set job_title = $1 where id = any($2)", title, [p.member_id for p in people])

    return run


@pytest.fixture
def in_department(owner):
    """Let the directory say of members in which department they are."""

    async def run(department, *people):
        for person in people:
            await owner.execute(
                "insert into directory_user (organisation_id, id, created_at, member_id, changed_at, user_name,"
                " user_name_key, department) values ($1, $2, $3, $4, $3, $5, $5, $6)"
                " on conflict (organisation_id, member_id) do update set department = excluded.department",
                person.organisation_id,
                uuid7(),
                NOW,
                person.member_id,
                str(person.member_id),
                department,
            )

    return run


@pytest.fixture
def present(owner, group):
    """Return names of who is in the group, with a star of those whom its rule has put in."""

    async def run():
        rows = await owner.fetch(
            "select m.display_name || case when s.is_by_rule then '*' else '' end as name from group_membership s"
            " join member m on m.id = s.member_id where s.group_id = $1 and s.left_at is null order by 1",
            group,
        )
        return [row["name"] for row in rows]

    return run
