"""Hand out an organisation's audit chain as a file that verifies offline.

JSON lines: a header; one line for each entry, in order; the checkpoint, which signs how many entries there are and the
hash of the last, so that a file cut short is recognised; the public keys.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from wardship.core.clock import Clock
from wardship.core.database.database import Database
from wardship.core.database.engine import Record
from wardship.core.keys import KeyRing
from wardship.core.signing import AUDIT_CHECKPOINT, public_keys, sign

FORMAT = "wardship-audit-export"
VERSION = 1
CHECKPOINT_TYPE = "wardship-audit-checkpoint+jws"
_PAGE = 1000

_HEAD = "select sequence, hash from audit_head where organisation_id = $1"
_ENTRIES = """
    select sequence, entry, hash from audit_entry
    where organisation_id = $1 and sequence > $2 and sequence <= $3 order by sequence limit $4
"""


async def export_audit(
    database: Database, keys: KeyRing, clock: Clock, organisation_id: UUID, *, page: int = _PAGE
) -> AsyncIterator[bytes]:
    """Yield the lines of an organisation's export, a page of entries at a time.

    Each page is a transaction of its own: the chain only grows, so what was once read never changes, and a slow reader
    holds no transaction open. Entries after the head that was read first belong to the next export.
    """
    async with database.tenant(organisation_id, read_only=True) as transaction:
        head = await transaction.fetchrow(_HEAD, organisation_id)
    last, digest = (head["sequence"], head["hash"]) if head else (0, b"")
    made_at = clock.now().astimezone(UTC)
    yield _line({"format": FORMAT, "version": VERSION, "organisation": str(organisation_id), "made_at": _text(made_at)})
    done = 0
    while done < last:
        async with database.tenant(organisation_id, read_only=True) as transaction:
            rows = await transaction.fetch(_ENTRIES, organisation_id, done, last, page)
        if not rows:
            break  # the file ends early and the checkpoint says so: verification fails, as it must
        yield b"".join(_entry(row) for row in rows)
        done = rows[-1]["sequence"]
    checkpoint = {"organisation": str(organisation_id), "entries": last, "hash": digest.hex(), "at": _text(made_at)}
    yield _line({"checkpoint": sign(keys, AUDIT_CHECKPOINT, CHECKPOINT_TYPE, checkpoint)})
    yield _line(public_keys(keys, (AUDIT_CHECKPOINT,)))


def _entry(row: Record) -> bytes:
    return _line({"sequence": row["sequence"], "entry": row["entry"], "hash": row["hash"].hex()})


def _line(value: object) -> bytes:
    return msgspec.json.encode(value) + b"\n"


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
