"""Encrypt a copy under a key of the deployment, bound to its row: moved to another row it does not open."""

from __future__ import annotations

from uuid import UUID

from wardship.core.keys import KeyRing

_PURPOSE = "export-file"


def seal_export(keys: KeyRing, organisation_id: UUID, file_id: UUID, content: bytes) -> bytes:
    """Return a copy encrypted for one row."""
    return keys.encrypt(_PURPOSE, content, bound_to=organisation_id.bytes + file_id.bytes)


def open_export(keys: KeyRing, organisation_id: UUID, file_id: UUID, sealed: bytes) -> bytes:
    """Return the copy that was encrypted for this row.

    Raises:
        UnreadableSecretError: it was changed, belongs to another row, or its key is gone.
    """
    return keys.decrypt(_PURPOSE, sealed, bound_to=organisation_id.bytes + file_id.bytes)
