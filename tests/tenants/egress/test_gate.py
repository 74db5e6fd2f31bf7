"""What reaches a connector, and the ledger, among random grants, consents, objections and restrictions."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest

from tests.builders import NOW, make_group, make_member
from tests.fakes.recorder import manifest, recorder, records_in
from tests.oracle import expected
from wardship.core.actor import Role
from wardship.core.identifiers import uuid7
from wardship.plugins.api import STANDARD_FIELDS, Holder, Receives
from wardship.tenants.egress.allowed import Choices, Consented
from wardship.tenants.grants.granting import Grantable
from wardship.tenants.members.fields import member_fields

PURPOSES = ("marketing", "marketing.communications.email", "essential.service", "functional.service")
CATEGORIES = ("user.contact", "user.name", "user.name.first", "user.account")
CONTACT = {"billing": Role.BILLING_CONTACT, "technical": Role.TECHNICAL_CONTACT}


def random_manifest(dice: random.Random, key: str):
    names = dice.sample(sorted(member_fields()), dice.randint(1, 7))
    entries = tuple(
        Receives(
            category=STANDARD_FIELDS[name].category,
            fields=(name,),
            purpose=dice.choice(PURPOSES),
            legal_basis=dice.choice(["consent", "contract", "legitimate_interest"]),
            direction=dice.choice(["push", "push", "mirror", "pull"]),
            audience=dice.choice(["members", "members", "members", "contacts", "groups"]),
            retention_days=0,
        )
        for name in names
    )
    return manifest(key, receives=entries, contacts=tuple(dice.sample(sorted(CONTACT), dice.randint(0, 2))))


async def random_choices(dice: random.Random, database, person, installations) -> list[tuple[str, str, str, object]]:
    """Write rows about one member and return them as kind, purpose, category, installation."""
    rows = []
    for _ in range(dice.randint(0, 3)):
        kind = dice.choice(["consent", "consent", "objection", "restriction"])
        purpose = dice.choice([*PURPOSES, ""]) if kind == "objection" else dice.choice(PURPOSES)
        category = dice.choice(["", *CATEGORIES]) if kind != "objection" else ""
        rows.append((kind, purpose, category, dice.choice([None, *installations])))
    async with database.tenant(person.organisation_id) as transaction:
        for kind, purpose, category, installation_id in rows:
            values = {
                "organisation_id": person.organisation_id,
                "id": uuid7(),
                "created_at": NOW,
                "member_id": person.member_id,
            }
            if kind == "restriction":
                values |= {"category": category, "cause": "requested"}
            else:
                values |= {"purpose": purpose, "installation_id": installation_id}
                values |= {"category": category} if kind == "consent" else {}
            places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
            await transaction.execute(
                f"insert into {kind} ({', '.join(values)}) values ({places}) on conflict do nothing", *values.values()
            )
    return rows


def choices_at(rows, installation_id, person, state, *, is_in_audience) -> Choices:
    reaching = [row for row in rows if row[0] == "restriction" or row[3] in {None, installation_id}]
    return Choices(
        state=state,
        is_in_audience=is_in_audience,
        roles=person.roles,
        consents=frozenset(Consented(row[1], row[2]) for row in reaching if row[0] == "consent"),
        objections=frozenset(row[1] for row in reaching if row[0] == "objection"),
        restrictions=frozenset(row[2] for row in reaching if row[0] == "restriction"),
    )


@pytest.mark.parametrize("seed", range(6))
async def test_what_connectors_receive_is_the_intersection_and_the_ledger_says_so(
    seed, services, database, acme, connections, owner
):
    dice = random.Random(seed)  # noqa: S311 - a scenario that can be repeated
    people = {}
    for number in range(6):
        roles = [role for role in CONTACT.values() if dice.random() < 0.4]
        state = dice.choice(["active", "active", "active", "deactivated", "removed"])
        columns = {
            name: f"{name} {number}"
            for name in ("title", "first_name", "last_name", "job_title", "company", "picture_url", "postal_address")
        }
        person = await make_member(
            database, acme, *roles, state=state, username=f"user{number}", phone=f"+4930123456{number}", **columns
        )
        people[person.member_id] = (person, state)
    inside = [person for person, _ in people.values() if dice.random() < 0.5]
    group_id = await make_group(database, acme, "Inside", *inside)
    installed = {}
    for number in range(5):
        key = f"random_{number}"
        recording = recorder(key)
        recording.declared = random_manifest(dice, key)
        services.integrations.register(recording, key)
        holder = dice.choice([Holder.ORGANISATION, Holder.ORGANISATION, Holder.GROUP])
        pairs = [Grantable(entry.category, entry.purpose) for entry in recording.declared.receives]
        granted = dice.sample(pairs, dice.randint(1, len(pairs)))
        installation = await connections.install(
            key, holder=holder, group_id=group_id if holder is Holder.GROUP else None, grants=granted
        )
        installed[installation.id] = (recording, {(each.category, each.purpose) for each in granted}, holder)
    rows = {
        member_id: await random_choices(dice, database, person, list(installed))
        for member_id, (person, _) in people.items()
    }

    await connections.work()

    links = {
        (row["installation_id"], row["subject_ref"]): row["member_id"]
        for row in await owner.fetch("select installation_id, subject_ref, member_id from subject_link")
    }
    received = defaultdict(set)
    for installation_id, (recording, _, _) in installed.items():
        for call in recording.heard:
            for record in records_in(call):
                member_id = links[installation_id, record.subject.id]
                received[installation_id, member_id] |= {field.name for field in record.fields}
                assert {identifier.type.value for identifier in record.subject.identifiers} <= {
                    field.name for field in record.fields
                }
    wanted = {}
    for installation_id, (recording, granted, holder) in installed.items():
        for member_id, (person, state) in people.items():
            is_in_audience = holder is Holder.ORGANISATION or person in inside
            choices = choices_at(rows[member_id], installation_id, person, state, is_in_audience=is_in_audience)
            if fields := expected(recording.declared, granted, choices):
                wanted[installation_id, member_id] = fields
    of_people = {pair: fields for pair, fields in received.items() if pair[1] in people}
    assert of_people == wanted
    assert wanted, "a scenario in which nothing flows shows nothing"
    ledger = {
        (row["installation_id"], row["member_id"]): set(row["fields"])
        for row in await owner.fetch("select * from disclosure where state = 'delivered'")
    }
    assert ledger == dict(received)


async def test_a_value_that_is_empty_is_not_sent_nor_listed(connections, recording, database, acme, owner):
    solo = await make_member(database, acme, first_name="Solo")
    await connections.connect()

    row = await owner.fetchrow("select fields, categories from disclosure where member_id = $1", solo.member_id)
    assert row["fields"] == ["first_name", "email"]
    assert row["categories"] == ["user.contact", "user.name"]
    assert {"first_name", "email"} in recording.received_fields()


@pytest.mark.usefixtures("recording")
async def test_each_installation_knows_a_member_by_another_name(connections, services, ada, owner):
    services.integrations.register(recorder("second"), "second")
    await connections.connect()
    await connections.connect("second")

    refs = await owner.fetch("select subject_ref from subject_link where member_id = $1", ada.member_id)
    assert len({row["subject_ref"] for row in refs}) == 2


@pytest.mark.usefixtures("recording", "ada")
async def test_the_ledger_holds_no_value(connections, owner):
    await connections.connect()

    for row in await owner.fetch("select disclosure::text as text from disclosure"):
        for value in ("Ada", "Lovelace", "ada@example.org", "7946"):
            assert value not in row["text"]
