"""Check an exported audit chain offline: no database, no network, no secret."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from wardship.core.audit.export import CHECKPOINT_TYPE, FORMAT, VERSION
from wardship.core.errors import WardshipError
from wardship.core.signing import SignatureError, key_id, verify

DocumentT = TypeVar("DocumentT")


class AuditBrokenError(WardshipError):
    """An exported chain does not verify; the message says where it breaks.

    Attributes:
        sequence: the first entry that does not follow from the one before it; None when the file itself is at fault.
    """

    code = "AUDIT_BROKEN"

    def __init__(self, message: str, *, sequence: int | None = None) -> None:
        super().__init__(message)
        self.sequence = sequence


@dataclass(frozen=True, slots=True)
class VerifiedAudit:
    """What a chain that verifies proves.

    Attributes:
        organisation: whose chain it is.
        entries: how many entries it has.
        head: hexadecimal hash of the last entry.
        made_at: when the checkpoint was signed (RFC 3339).
        key_thumbprint: the key that signed; compare it with the published set unless that set was given.
        is_key_trusted: whether the key is one of the set that the caller gave, rather than the file's own.
    """

    organisation: str
    entries: int
    head: str
    made_at: str
    key_thumbprint: str
    is_key_trusted: bool


class _Header(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: int
    organisation: str
    made_at: str


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    sequence: int
    entry: str
    hash: str


class _Checkpoint(msgspec.Struct, forbid_unknown_fields=True):
    checkpoint: str


class _Named(msgspec.Struct):
    organisation: str


def verify_file(path: Path, trusted_keys: Mapping[str, Any] | None = None) -> VerifiedAudit:
    """Return what an exported file proves.

    Raises:
        AuditBrokenError: saying where the chain breaks.
    """
    with path.open("rb") as lines:
        return verify_export(lines, trusted_keys)


def verify_export(lines: Iterable[bytes], trusted_keys: Mapping[str, Any] | None = None) -> VerifiedAudit:
    """Return what exported lines prove; memory stays constant however long the chain.

    Args:
        lines: the file's lines.
        trusted_keys: the JWK set as published by the deployment; without it the file's own keys are used, which shows
            that the file is whole but not who made it.

    Raises:
        AuditBrokenError: saying where the chain breaks.
    """
    rest = (line for line in lines if line.strip())
    header = _decode(next(rest, b""), _Header, "The first line is not the header of an audit export.")
    if (header.format, header.version) != (FORMAT, VERSION):
        raise AuditBrokenError(f"This is not version {VERSION} of {FORMAT}: get a program that reads it.")
    count, digest, tail = _follow(rest, header.organisation)
    checkpoint = _decode(tail, _Checkpoint, f"The file ends after entry {count} without its checkpoint: it was cut.")
    own_keys = _decode(next(rest, b""), dict[str, Any], "The file ends without its keys: it was cut.")
    if next(rest, None) is not None:
        raise AuditBrokenError("Lines follow after the keys: they belong to no chain.")
    signed = _signed(checkpoint.checkpoint, own_keys if trusted_keys is None else trusted_keys)
    _compare(signed, header, count, digest)
    return VerifiedAudit(
        header.organisation,
        count,
        digest.hex(),
        str(signed.get("at", "")),
        key_id(checkpoint.checkpoint),
        is_key_trusted=trusted_keys is not None,
    )


def next_hash(previous: bytes, entry: str) -> bytes:
    """Return ``sha256(previous || sha256(entry))``, 32 bytes; ``previous`` is empty before the first entry."""
    return hashlib.sha256(previous + hashlib.sha256(entry.encode()).digest()).digest()


def _follow(rest: Iterable[bytes], organisation: str) -> tuple[int, bytes, bytes]:
    """Walk the entries and return how many there are, the last one's hash, and the line after them."""
    count, digest = 0, b""
    for line in rest:
        if line.startswith(b'{"checkpoint"'):
            return count, digest, line
        expected = count + 1
        entry = _decode(line, _Entry, f"Line {expected + 1} is not an entry: the file was changed there.", expected)
        digest = _next(digest, entry, expected, organisation)
        count = expected
    return count, digest, b""


def _next(previous: bytes, entry: _Entry, expected: int, organisation: str) -> bytes:
    if entry.sequence != expected:
        raise AuditBrokenError(
            f"Entry {expected} is missing or out of order: entry {entry.sequence} stands in its place.",
            sequence=expected,
        )
    digest = next_hash(previous, entry.entry)
    if digest.hex() != entry.hash:
        raise AuditBrokenError(f"Entry {expected} was changed: its hash does not follow from it.", sequence=expected)
    named = _decode(entry.entry.encode(), _Named, f"Entry {expected} names no organisation.", expected)
    if named.organisation != organisation:
        raise AuditBrokenError(f"Entry {expected} belongs to another organisation.", sequence=expected)
    return digest


def _signed(checkpoint: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return verify(checkpoint, keys, CHECKPOINT_TYPE)
    except SignatureError as error:
        raise AuditBrokenError(f"The checkpoint is not authentic. {error.message}") from None


def _compare(signed: Mapping[str, Any], header: _Header, count: int, digest: bytes) -> None:
    if signed.get("organisation") != header.organisation:
        raise AuditBrokenError("The checkpoint was signed for another organisation.")
    if signed.get("entries") != count:
        raise AuditBrokenError(
            f"The checkpoint was signed for {signed.get('entries')} entries, the file has {count}: some were cut off.",
            sequence=count + 1,
        )
    if signed.get("hash") != digest.hex():
        raise AuditBrokenError("The checkpoint was signed for another chain of the same length.", sequence=count)


def _decode(line: bytes, kind: type[DocumentT], message: str, sequence: int | None = None) -> DocumentT:
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, ValueError):
        raise AuditBrokenError(message, sequence=sequence) from None
