"""Every machine of the product: no state that nobody and no clock leads out of, no end that still holds something."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import NOW
from tests.connecting import Connections
from tests.requesting import make_firm
from tests.tenants.machine import By, Clock, Follows, Machine, Operation, Route, Sweep, Work
from tests.tenants.state_machines import MACHINES, NO_MACHINES
from wardship.app.application import application
from wardship.app.nouns import domain_nouns
from wardship.plugins.api import Attestation, Export, Outcome, Verb
from wardship.tenants.fulfilment.due import _ACTIONS
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.obligations.by_hand import complete_manual_task
from wardship.tenants.paging import PageRequest
from wardship.tenants.requests.deadlines import UNVERIFIED_FOR
from wardship.tenants.requests.decide import approve_right, escalate_request
from wardship.tenants.requests.erasures import cancel_erasure, preview_erasure, waive_cooling_off
from wardship.tenants.requests.states import TRANSITIONS, RightKind
from wardship.tenants.requests.submit import RequestedRight, submit_request
from wardship.tenants.requests.withdraw import withdraw_request
from wardship.tenants.tasks.tasks import TaskState, list_tasks

ROOT = Path(__file__).resolve().parents[2]
MATRIX = ROOT / "tests" / "graphql" / "operations.txt"
ACCESS, ERASURE, RESTRICTION, CORRECTION = (
    RightKind.ACCESS,
    RightKind.ERASURE,
    RightKind.RESTRICTION,
    RightKind.CORRECTION,
)


def _name(machine: Machine) -> str:
    return f"{machine.table}.{machine.column or 'moments'}"


each_machine = pytest.mark.parametrize("machine", MACHINES, ids=_name)


async def test_every_table_with_states_or_moments_is_a_machine_or_says_why_not(owner):
    rows = await owner.fetch(
        """select c.relname, bool_or(a.attname ~ '^(stage|(identity_|mail_)?state)$') as has_state from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        join pg_type t on t.oid = a.atttypid
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
            and (a.attname ~ '^(stage|(identity_|mail_)?state)$' or t.typname = 'timestamptz' and not a.attnotnull)
        group by c.relname"""
    )
    machines = {machine.table: machine for machine in MACHINES}
    assert {row["relname"] for row in rows} - {*machines, *NO_MACHINES} == set()
    stateful = {row["relname"] for row in rows if row["has_state"]}
    assert {table for table, machine in machines.items() if machine.column} == stateful


@each_machine
async def test_machine_has_exactly_the_states_that_the_database_allows(owner, machine):
    states = {*machine.exits, *machine.ends, *machine.unused} - {"gone"}
    if machine.column is None:
        return
    texts = await owner.fetch(
        "select pg_get_constraintdef(oid) as text from pg_constraint where conrelid = $1::regclass and contype = 'c'",
        machine.table,
    )
    pattern = rf"^CHECK \(\(\({machine.column} = ANY \(ARRAY\[(.*)\]\)\)\)\)$|^CHECK \(\({machine.column} = ANY"
    (text,) = [row["text"] for row in texts if re.match(pattern, row["text"])]
    assert set(re.findall(r"'(\w+)'", text)) == states


@each_machine
def test_every_state_but_an_end_has_a_way_out_and_every_way_leads_to_an_end(machine):
    if machine.transitions is not None:
        assert set(machine.transitions) == {*machine.exits, *machine.ends}
        assert {state for state, following in machine.transitions.items() if not following} == machine.ends
        for state, ways in machine.exits.items():
            assert set(ways) <= machine.transitions[state], f"{state} leads where the table does not"
    assert all(machine.exits.values())
    leading = set(machine.ends)
    for _ in machine.exits:
        leading |= {state for state, ways in machine.exits.items() if leading & set(ways)}
    assert leading == {*machine.exits, *machine.ends}


def _ways() -> Iterator[By]:
    for machine in MACHINES:
        for ways in machine.exits.values():
            yield from ways.values()


@pytest.mark.parametrize("name", sorted({way.name for way in _ways() if isinstance(way, Operation)}))
def test_somebody_may_call_the_operation(name):
    (line,) = re.findall(rf"^{name} +sign-in .*$", MATRIX.read_text("utf-8"), re.MULTILINE)
    assert "yes" in line.split()


def test_each_clock_is_one_that_is_followed():
    assert {way.name for way in _ways() if isinstance(way, Clock)} <= set(_ACTIONS)


async def test_database_tells_no_clock_that_nobody_follows(owner):
    source = await owner.fetchval("select prosrc from pg_proc where proname = 'requests_due'")
    # What limitations kept, and customers whose account has gone, are found by sweeps of their own.
    assert set(re.findall(r"\.id, '(\w+)' from", source)) | {"erase_remainder", "erase_customer"} == set(_ACTIONS)


def test_each_sweep_is_one_of_the_workers():
    duties = domain_nouns().duties
    names = {sweep.__name__ for sweep in (*duties.at_start, *duties.sweeps)}
    assert {way.name for way in _ways() if isinstance(way, Sweep)} <= names


@pytest.mark.parametrize("name", sorted({way.name for way in _ways() if isinstance(way, Work | Follows)}))
def test_function_that_leads_out_is_there(name):
    module, _, function = name.partition(":")
    assert callable(getattr(importlib.import_module(module), function))


async def test_each_route_is_there(services):
    app = application(services, with_worker=False)
    found = {
        " ".join((method, re.sub(r"{(\w+):\w+}", r"{\1}", route.path)))
        for route in app.routes
        for method in getattr(route, "methods", ())
    }
    assert {way.name for way in _ways() if isinstance(way, Route)} <= found


@pytest.mark.parametrize("test", sorted({test for machine in MACHINES for test in machine.releases}))
def test_what_is_released_is_shown_by_a_test(test):
    file, _, name = test.partition("::")
    names = {item.name for item in ast.parse((ROOT / file).read_text("utf-8")).body if hasattr(item, "name")}
    assert not name or name in names


# Ways of a right, each from the asking to an end.


async def _ask(firm, *kinds, proven=True):
    async with firm.access(firm.member, stepped_up=proven) as access:
        return await submit_request(access, [RequestedRight(kind) for kind in kinds])


async def _withdraw(firm, submitted):
    async with firm.access(firm.member) as access:
        await withdraw_request(access, submitted.request.id)


async def _approved(firm, kind=ERASURE):
    submitted = await _ask(firm, kind)
    await firm.approve(submitted, kind)
    return submitted


async def _previewed(firm):
    submitted = await _approved(firm)
    right = await firm.right(submitted, ERASURE)
    async with firm.access(firm.officer) as access:
        await preview_erasure(access, right.id)
    return submitted


async def _hurried(firm, submitted):
    right = await firm.right(submitted, ERASURE)
    async with firm.access(firm.member) as access:
        await waive_cooling_off(access, right.id)
    await firm.run()


async def _unproven_expires(firm, clock, _):
    await _ask(firm, ACCESS, proven=False)
    clock.advance(UNVERIFIED_FOR)
    await firm.run()


async def _unproven_is_withdrawn(firm, _clock, _):
    await _withdraw(firm, await _ask(firm, ACCESS, proven=False))


async def _withdrawn_before_the_decision(firm, _clock, _):
    await _withdraw(firm, await _ask(firm, RESTRICTION))


async def _refused_then_withdrawn(firm, _clock, _):
    submitted = await _ask(firm, ACCESS)
    await firm.refuse(submitted, ACCESS)
    await _withdraw(firm, submitted)


async def _refused_then_denied(firm, _clock, _):
    submitted = await _ask(firm, RESTRICTION)
    await firm.refuse(submitted, RESTRICTION)
    await firm.deny(submitted, RESTRICTION)


async def _handed_over_then_approved(firm, _clock, _):
    submitted = await _ask(firm, RESTRICTION)
    async with firm.access(firm.admin) as access:
        await escalate_request(access, submitted.request.id, "Not ours.")
    await firm.approve(submitted, RESTRICTION, firm.privacy_team)
    await firm.run()


async def _of_a_decider_at_once_with_the_privacy_team(firm, _clock, _):
    async with firm.access(firm.officer) as access:
        submitted = await submit_request(access, [RequestedRight(ACCESS)])
    await firm.deny(submitted, ACCESS)


async def _left_undecided_until_it_is_late(firm, clock, _):
    submitted = await _ask(firm, ACCESS)
    clock.advance(UNVERIFIED_FOR * 4)
    await firm.run()
    await firm.run()
    await firm.deny(submitted, ACCESS)


async def _withdrawn_when_approved_and_previewed(firm, _clock, _):
    await _withdraw(firm, await _approved(firm))
    await _withdraw(firm, await _previewed(firm))


async def _called_off_by_the_person(firm, _clock, _):
    await _withdraw(firm, await firm.scheduled())


async def _called_off_by_a_decider_then_done(firm, _clock, _):
    submitted = await firm.scheduled()
    right = await firm.right(submitted, ERASURE)
    async with firm.access(firm.officer) as access:
        await cancel_erasure(access, right.id, "A contract is open.")
    await firm.commit(submitted)
    await _hurried(firm, submitted)


async def _copied_by_a_vendor(firm, clock, _):
    connections = Connections(firm.services, firm.admin, at=clock.now())
    await connections.connect("recorder")
    await _approved(firm, ACCESS)
    await firm.run()
    await connections.work()
    await firm.run()


async def _denied_by_a_vendor_then_done_by_hand(firm, clock, recording):
    connections = Connections(firm.services, firm.admin, at=clock.now())
    await connections.connect("recorder")
    denied = Export(outcome=Outcome(status="denied", reason="outside_jurisdiction"), rows=())
    recording.always[Verb.EXPORT] = lambda _: denied
    await _approved(firm, ACCESS)
    await firm.run()
    await connections.work()
    recording.always.clear()
    async with firm.access(firm.admin) as access:
        (task,) = (await list_tasks(access, PageRequest(10), states=[TaskState.OPEN])).items
        await complete_manual_task(access, task.id, "They answered by letter that they hold nothing.")
    await firm.run()


async def _objected_and_not_taken_by_the_vendor(firm, clock, recording):
    connections = Connections(firm.services, firm.admin, at=clock.now())
    await connections.connect("recorder")
    recording.always[Verb.SHARE] = lambda _: Outcome(status="failed", reason="vendor_error", fatal=True)
    async with firm.access(firm.member) as access:
        purpose = {"purpose": "functional.service"}
        submitted = await submit_request(access, [RequestedRight(RightKind.OBJECTION, purpose)])
    await firm.approve(submitted, RightKind.OBJECTION)
    await firm.run()
    await connections.work()
    recording.always.clear()
    await firm.run()


async def _partly_corrected(firm, _clock, _):
    fields = {"last_name": "King", "company": "Engines"}
    async with firm.access(firm.member) as access:
        submitted = await submit_request(access, [RequestedRight(CORRECTION, {"fields": fields})])
    right = await firm.right(submitted, CORRECTION)
    async with firm.access(firm.admin) as access:
        await approve_right(access, right.id, fields=["last_name"], limitation="The company is set by contract.")
    await firm.run()


async def _erased_at_a_vendor(firm, clock, _):
    connections = Connections(firm.services, firm.admin, at=clock.now())
    await connections.connect("recorder")
    await _hurried(firm, await firm.scheduled())
    worker = connections.worker()
    while await worker.run_once():
        await firm.run()


async def _erased_at_a_vendor_that_proves_nothing(firm, clock, recording):
    unproven = Attestation(level="unverifiable", method="nobody can look", evidence_sha256="0" * 64, checked_at=NOW)
    recording.always[Verb.ATTEST] = lambda _: unproven
    await _erased_at_a_vendor(firm, clock, recording)
    recording.always.clear()


WALKS = (
    _unproven_expires,
    _unproven_is_withdrawn,
    _withdrawn_before_the_decision,
    _refused_then_withdrawn,
    _refused_then_denied,
    _handed_over_then_approved,
    _of_a_decider_at_once_with_the_privacy_team,
    _left_undecided_until_it_is_late,
    _withdrawn_when_approved_and_previewed,
    _called_off_by_the_person,
    _called_off_by_a_decider_then_done,
    _copied_by_a_vendor,
    _denied_by_a_vendor_then_done_by_hand,
    _objected_and_not_taken_by_the_vendor,
    _partly_corrected,
    _erased_at_a_vendor,
    _erased_at_a_vendor_that_proves_nothing,
)

_HELD = {
    "a restriction that no right holds": """select x.cause from restriction x where x.lifted_at is null
        and not exists (select from request_right g where g.request_id = x.request_id and (g.ended_at is null
            or (g.kind = 'restriction' and x.cause = 'requested' and g.state like '%fulfilled')))""",
    "an obligation of a right that has ended": """select o.verb from obligation o join request_right g
        on g.id = o.right_id where g.ended_at is not null and o.ended_at is null""",
    "sealed data of an obligation that has ended": """select verb from obligation
        where ended_at is not null and sealed is not null""",
    "a copy of an erased person": """select f.name from export_file f join member m on m.id = f.member_id
        where m.state = 'erased' and f.content is not null""",
    "a vendor's part of a copy that is complete": """select e.id from vendor_export e join obligation o
        on o.id = e.obligation_id join request_right g on g.id = o.right_id where g.ended_at is not null""",
    "a moment at which an ended right is done": """select kind from request_right
        where ended_at is not null and state in ('withdrawn', 'denied', 'expired') and scheduled_for is not null""",
    "a request all of whose rights have ended": """select r.id from data_request r where r.ended_at is null
        and not exists (select from request_right g where g.request_id = r.id and g.ended_at is null)""",
}
"""What nothing may be found of, in any state of the walks."""


async def test_right_takes_every_way_and_its_end_holds_nothing(services, owner, clock, recording):
    for number, walk in enumerate(WALKS):
        firm = await make_firm(services, email=f"ada.{number}@example.org")
        await walk(firm, clock, recording)
        for what, sql in _HELD.items():
            assert await owner.fetch(sql) == [], f"{walk.__name__} leaves {what}"
        ended = await owner.fetchval("select bool_and(ended_at is not null) from request_right")
        assert ended, f"{walk.__name__} does not come to an end"
    moved = await owner.fetch(
        "select entry::jsonb -> 'details' as details from audit_entry where action = 'right.moved'"
    )
    taken = set(re.findall(r"(\w+) (\w+)", "\n".join(_step(row["details"]) for row in moved)))
    wanted = {(state.value, after.value) for state, following in TRANSITIONS.items() for after in following}
    assert taken == wanted


def _step(details: str) -> str:
    found = dict(re.findall(r'"(from|to)": "(\w+)"', details))
    return f"{found['from']} {found['to']}"


async def test_obligation_that_ended_keeps_nothing_sealed(firm, owner):
    connections = Connections(firm.services, firm.admin)
    await connections.connect("recorder")
    submitted = await firm.scheduled()
    await _hurried(firm, submitted)
    assert await owner.fetchval("select count(*) from obligation where sealed is not null") > 0
    await connections.work()
    await firm.run()
    assert await owner.fetchval("select count(*) from obligation where ended_at is null") == 0
    assert await owner.fetchval("select count(*) from obligation where sealed is not null") == 0


async def test_installation_that_was_removed_keeps_no_secret(firm, owner):
    connections = Connections(firm.services, firm.admin)
    installation = await connections.connect("recorder")
    async with firm.access(firm.admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    assert await owner.fetchval("select state from installation") == "removed"
    row = await owner.fetchrow("select state, secrets, settings from installation_place")
    assert tuple(row) == ("left", None, "{}")
    assert await owner.fetchval("select count(*) from subject_link where known_as is not null") == 0
