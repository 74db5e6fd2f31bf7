"""Each table is written in its own folder only: who writes what is derived, reviewed, and red for a foreign writer."""

import shutil
from pathlib import Path

import pytest

from tests.codebase.table_writers import (
    FOLDERS,
    ROOT,
    foreign,
    homes_of,
    modules_in,
    snapshot,
    unused_exceptions,
    writes,
)

SNAPSHOT = Path(__file__).with_name("table_writers.txt")


def test_list_of_writers_is_current():
    assert SNAPSHOT.read_text("utf-8") == snapshot(), "run `make schema`, and look at who writes what now"


def test_no_table_is_written_from_another_folder():
    assert foreign() == []


def test_every_exception_is_needed():
    assert unused_exceptions() == []


def test_every_table_has_a_home_and_a_writer():
    assert set(homes_of(ROOT)) == {table for table in writes(ROOT) if not table.startswith("(")}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The tables and the migrations alone, so that each case is quick."""
    for path in modules_in(ROOT):
        if path.name == "noun.py" or path.parent.name == "migrations":
            target = tmp_path / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    return tmp_path


PLANTED = "tenants/content/newcomer"


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("await t.execute('update member set state = $1')", "member"),
        ("await t.execute('update only member m set state = $1')", "member"),
        ("await t.execute('UPDATE member\\n    AS m SET state = $1')", "member"),
        ("await t.execute(f'insert into member ({columns}) values ($1)')", "member"),
        ("await t.execute('insert into ' + 'member (id) values ($1)')", "member"),
        ("await t.execute('delete from {} where id = $1'.format('member'))", "(computed)"),
        ("await t.execute(f'delete from {name} where id = $1')", "(computed)"),
        ("await t.execute('delete from %s' % name)", "(computed)"),
        ("await t.execute(' '.join(['delete from', name]))", "(computed)"),
        ("await t.execute('with gone as (delete from post) insert into member select from gone')", "member"),
        ("await t.execute('merge into member using other on true when matched then delete')", "member"),
        ("await t.execute(f'{before} update member set state = $1')", "member"),
        ("await t.execute('copy member (id) from stdin')", "member"),
        ("await c.copy_records_to_table('member', records=rows)", "member"),
        ("await Member.insert(Member(id=1))", "member"),
        ("await Member.update({Member.state: 'active'}).where(Member.id == 1)", "member"),
        ("await Member.delete().where(Member.id == 1)", "member"),
        ("await Member(id=1).save()", "member"),
        ("row = await Member.objects().first()\n    await row.save()", "(computed)"),
        ("await t.fetch('select * from claim_obligations($1)')", "obligation"),
    ],
)
def test_foreign_writer_is_found(copy, statement, table):
    (copy / f"{PLANTED}.py").write_text(f'async def write(t, c):\n    """Write."""\n    {statement}\n')
    home = homes_of(copy).get(table, ("unknown",))[0]
    assert foreign(copy) == [f"{PLANTED}.write writes {table}, whose home is {home}"]
    assert f"\n  ! {PLANTED}.write: " in snapshot(copy)


@pytest.mark.parametrize(
    "statement",
    [
        '"""Update member set by set, insert into member, delete from member."""',
        "await t.fetch('select id from member for no key update skip locked')",
        "await t.fetch('select id from member m for update of m')",
        "await t.execute('insert into post (id) values ($1) on conflict (id) do update set id = $1')",
        "await t.execute('select 1 -- update member set state')",
        "await t.execute('copy member (id) to stdout')",
        "{}.update(member=1)",
        "raise ValueError('update member settings first')",
    ],
)
def test_what_is_no_foreign_write_is_left_alone(copy, statement):
    (copy / f"{PLANTED}.py").write_text(f"async def write(t):\n    {statement}\n")
    assert foreign(copy) == []


def test_function_of_the_database_is_seen_through_another_one(copy):
    migration = copy / "tenants" / "migrations" / "m9999_newcomer.py"
    migration.write_text(
        'SQL = """create function outer_one() returns void as $$ select inner_one() $$;'
        'create function inner_one() returns void as $$ update member set state = null $$;"""\n'
    )
    (copy / f"{PLANTED}.py").write_text("async def write(t):\n    await t.execute('select outer_one()')\n")
    assert foreign(copy) == [f"{PLANTED}.write writes member, whose home is tenants/members"]


def test_foreign_writer_is_found_in_the_whole_product(tmp_path):
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    with (tmp_path / "graphql" / "members" / "mutations.py").open("a") as file:
        file.write("\nasync def write(t):\n    await t.execute('update member set state = $1')\n")
    assert foreign(tmp_path) == ["graphql/members/mutations.write writes member, whose home is tenants/members"]
