"""An audit chain leaves as a file, and the file tells when anybody has touched it."""

from __future__ import annotations

import asyncio
import hashlib
import json

import pytest

from tests.builders import NOW, make_organisation
from wardship.core.actor import system_actor
from wardship.core.audit.export import CHECKPOINT_TYPE, export_audit
from wardship.core.audit.log import AuditEvent, record
from wardship.core.audit.verify import AuditBrokenError, next_hash, verify_export, verify_file
from wardship.core.identifiers import uuid7
from wardship.core.keys import KeyRing
from wardship.core.signing import AUDIT_CHECKPOINT, public_keys, sign


async def _append(database, organisation, count: int) -> None:
    async with database.tenant(organisation.id) as transaction:
        for number in range(count):
            event = AuditEvent("thing.done", "thing", uuid7(), details={"number": number})
            await record(transaction, system_actor(organisation.id), event, at=NOW, request_id="test")


async def _lines(database, keys, clock, organisation, page: int = 1000) -> list[bytes]:
    chunks = [chunk async for chunk in export_audit(database, keys, clock, organisation.id, page=page)]
    return b"".join(chunks).splitlines()


@pytest.fixture
async def lines(database, keys, clock) -> list[bytes]:
    """A header, five entries, the checkpoint and the keys."""
    organisation = await make_organisation(database)
    await _append(database, organisation, 5)
    return await _lines(database, keys, clock, organisation)


async def test_export_verifies_with_its_own_and_with_the_published_keys(lines, keys):
    verified = verify_export(lines)
    assert verified.entries == 5
    assert verified.head == json.loads(lines[5])["hash"]
    assert verified.is_key_trusted is False
    assert verify_export(lines, public_keys(keys)).is_key_trusted is True
    assert verified.key_thumbprint == public_keys(keys, (AUDIT_CHECKPOINT,))["keys"][0]["kid"]


async def test_export_is_read_from_a_file(lines, tmp_path):
    path = tmp_path / "audit.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    assert verify_file(path).entries == 5


async def test_pages_make_the_same_file(database, keys, clock):
    organisation = await make_organisation(database)
    await _append(database, organisation, 7)
    assert await _lines(database, keys, clock, organisation, 2) == await _lines(database, keys, clock, organisation)


async def test_empty_chain_verifies(database, keys, clock):
    organisation = await make_organisation(database)
    assert verify_export(await _lines(database, keys, clock, organisation)).entries == 0


async def test_export_holds_no_entry_of_another_organisation(database, keys, clock):
    mine, other = await make_organisation(database), await make_organisation(database)
    await _append(database, mine, 2)
    await _append(database, other, 3)
    assert verify_export(await _lines(database, keys, clock, mine)).entries == 2


async def test_changed_entry_is_named(lines):
    entry = json.loads(lines[3])
    entry["entry"] = entry["entry"].replace("thing.done", "thing.gone")
    lines[3] = json.dumps(entry).encode()
    with pytest.raises(AuditBrokenError, match="Entry 3 was changed") as broken:
        verify_export(lines)
    assert broken.value.sequence == 3


async def test_dropped_entry_is_named(lines):
    del lines[2]
    with pytest.raises(AuditBrokenError, match="Entry 2 is missing or out of order: entry 3"):
        verify_export(lines)


async def test_swapped_entries_are_named(lines):
    lines[2], lines[3] = lines[3], lines[2]
    with pytest.raises(AuditBrokenError, match="Entry 2 is missing or out of order: entry 3"):
        verify_export(lines)


async def test_swapped_contents_are_named(lines):
    second, third = json.loads(lines[2]), json.loads(lines[3])
    second["entry"], third["entry"] = third["entry"], second["entry"]
    lines[2], lines[3] = json.dumps(second).encode(), json.dumps(third).encode()
    with pytest.raises(AuditBrokenError, match="Entry 2 was changed"):
        verify_export(lines)


async def test_entries_cut_from_the_end_are_missed(lines):
    del lines[4:6]
    with pytest.raises(AuditBrokenError, match="signed for 5 entries, the file has 3: some were cut off"):
        verify_export(lines)


@pytest.mark.parametrize("keep", [0, 1, 4, 6, 7])
async def test_file_cut_anywhere_is_refused(lines, keep):
    with pytest.raises(AuditBrokenError):
        verify_export(lines[:keep])


async def test_rewritten_chain_needs_our_key(lines):
    """Somebody who computes every hash again still has no signature over the new head."""
    digest = b""
    for number in range(1, 6):
        entry = json.loads(lines[number])
        if number == 2:
            entry["entry"] = entry["entry"].replace("thing.done", "thing.gone")
        digest = next_hash(digest, entry["entry"])
        entry["hash"] = digest.hex()
        lines[number] = json.dumps(entry).encode()
    with pytest.raises(AuditBrokenError, match="another chain of the same length"):
        verify_export(lines)


async def test_rewritten_and_resigned_chain_is_refused_by_the_published_keys(lines, keys):
    thief = KeyRing("a secret that is somebody else's entirely")
    organisation = json.loads(lines[0])["organisation"]
    statement = {"organisation": organisation, "entries": 5, "hash": json.loads(lines[5])["hash"], "at": "now"}
    lines[6] = json.dumps({"checkpoint": sign(thief, AUDIT_CHECKPOINT, CHECKPOINT_TYPE, statement)}).encode()
    lines[6] = lines[6].replace(b'{"checkpoint": ', b'{"checkpoint":')
    lines[7] = json.dumps(public_keys(thief, (AUDIT_CHECKPOINT,))).encode()
    assert verify_export(lines).is_key_trusted is False
    with pytest.raises(AuditBrokenError, match="checkpoint is not authentic"):
        verify_export(lines, public_keys(keys))


async def test_certificate_key_signs_no_checkpoint_of_another_type(lines, keys):
    statement = {"organisation": json.loads(lines[0])["organisation"], "entries": 5, "hash": "", "at": ""}
    forged = sign(keys, AUDIT_CHECKPOINT, "wardship-certificate+jws", statement)
    lines[6] = b'{"checkpoint":"' + forged.encode() + b'"}'
    with pytest.raises(AuditBrokenError, match="not of the type"):
        verify_export(lines)


async def test_checkpoint_of_another_organisation_is_refused(database, keys, clock, lines):
    other = await make_organisation(database)
    await _append(database, other, 5)
    lines[6] = (await _lines(database, keys, clock, other))[6]
    with pytest.raises(AuditBrokenError, match="signed for another organisation"):
        verify_export(lines)


async def test_lines_after_the_keys_are_refused(lines):
    with pytest.raises(AuditBrokenError, match="follow after the keys"):
        verify_export([*lines, lines[1]])


async def test_fifty_writers_at_once_make_one_chain(database, keys, clock):
    organisation = await make_organisation(database)
    await asyncio.gather(*(_append(database, organisation, 1) for _ in range(50)))
    lines = await _lines(database, keys, clock, organisation)
    assert verify_export(lines).entries == 50
    entries = [json.loads(line) for line in lines[1:51]]
    assert [entry["sequence"] for entry in entries] == list(range(1, 51))
    assert len({json.loads(entry["entry"])["id"] for entry in entries}) == 50


async def test_rolled_back_act_leaves_no_link(database, keys, clock):
    organisation = await make_organisation(database)
    await _append(database, organisation, 1)
    with pytest.raises(LookupError):
        async with database.tenant(organisation.id) as transaction:
            await record(
                transaction, system_actor(organisation.id), AuditEvent("thing.done", "thing"), at=NOW, request_id="t"
            )
            raise LookupError
    await _append(database, organisation, 1)
    assert verify_export(await _lines(database, keys, clock, organisation)).entries == 2


async def test_database_refuses_to_change_an_entry(database, owner):
    organisation = await make_organisation(database)
    await _append(database, organisation, 1)
    with pytest.raises(Exception, match="audit entries are never changed"):
        await owner.execute("update audit_entry set entry = ''")
    with pytest.raises(Exception, match="audit entries are never changed"):
        await owner.execute("delete from audit_entry")


def test_chain_rule_is_as_documented():
    entry = '{"a":1}'
    inner = hashlib.sha256(entry.encode()).digest()
    assert next_hash(b"\x01", entry) == hashlib.sha256(b"\x01" + inner).digest()
