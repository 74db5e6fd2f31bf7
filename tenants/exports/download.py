"""Hand a copy to the person it is about, and to nobody else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

from wardship.core.actor import CredentialKind
from wardship.core.errors import NotFoundError, PermissionDeniedError
from wardship.tenants.access import Access
from wardship.tenants.exports.files import PURPOSE


class ExportGoneError(NotFoundError):
    """The copy has expired or was destroyed: ask for another."""

    code = "EXPORT_GONE"


class SessionNeededError(PermissionDeniedError):
    """A copy is handed to a person who is signed in, never to a token."""

    code = "SESSION_NEEDED"


@dataclass(frozen=True, slots=True)
class Download:
    """A copy as it is handed out."""

    name: str
    media_type: str
    content: bytes


async def download_export(access: Access, file_id: UUID) -> Download:
    """Return one's own copy, decrypted.

    Raises:
        SessionNeededError: the caller shows a token.
        NotFoundError: no such copy of the caller's own.
        StepUpRequiredError: the second factor was not shown in the last ten minutes.
        ExportGoneError: it has expired, or was destroyed with an erasure.
    """
    if access.actor.credential is not CredentialKind.SESSION:
        raise SessionNeededError("Sign in to download a copy of your data: a token can't.")
    row = await access.fetchrow(
        "select name, media_type, content, expires_at from export_file"
        " where organisation_id = $1 and id = $2 and member_id = $3",
        file_id,
        access.actor.member_id,
    )
    if row is None:
        raise NotFoundError("No such copy: use the address that your request shows.")
    access.require_step_up()
    if row["content"] is None or row["expires_at"] <= access.now:
        raise ExportGoneError("This copy has expired or was destroyed: ask for another.")
    content = await asyncio.to_thread(access.decrypt, PURPOSE, file_id, bytes(row["content"]))
    await access.execute(
        "update export_file set downloaded_at = coalesce(downloaded_at, $3) where organisation_id = $1 and id = $2",
        file_id,
        access.now,
    )
    await access.audit("export.downloaded", "export_file", file_id)
    return Download(row["name"], row["media_type"], content)
