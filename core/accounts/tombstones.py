"""Tombstones: keyed hashes of erased identifiers, which stop an import, an invitation or a sign-in from undoing it.

All of these run in a transaction of any scope: the database opens the directory for each by a function of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from wardship.core.accounts.address import EmailAddress, mailbox_forms
from wardship.core.database.engine import Transaction
from wardship.core.errors import ConflictError
from wardship.core.identifiers import uuid7
from wardship.core.keys import KeyRing

IdentifierKind = Literal["email", "phone", "username", "external", "identity"]
PURPOSE = "tombstone"


class ErasedAccountError(ConflictError):
    """The identifier was erased; the person may come back only by registering again."""

    code: ClassVar[str] = "ERASED_IDENTIFIER"


async def suppress(
    transaction: Transaction,
    keys: KeyRing,
    identifiers: Mapping[IdentifierKind, Iterable[str]],
    *,
    organisation_id: UUID | None,
    at: datetime,
) -> None:
    """Set tombstones for identifiers in canonical form.

    Args:
        transaction: the erasure's own transaction, of any scope.
        keys: the deployment's keys.
        identifiers: what must not come back, by kind; empty ones are passed over.
        organisation_id: the organisation from which the person was erased; None when the account itself is gone.
        at: the moment of the erasure.
    """
    for kind, values in identifiers.items():
        hashes = sorted({keys.fingerprint(PURPOSE, f"{kind}:{value}") for value in values if value})
        if hashes:
            await transaction.execute(
                "select bury($1, $2, $3, $4, $5)", at, organisation_id, kind, [uuid7() for _ in hashes], hashes
            )


async def is_suppressed(
    transaction: Transaction,
    keys: KeyRing,
    organisation_id: UUID | None,
    identifier: str,
    *,
    kind: IdentifierKind = "email",
) -> bool:
    """Return whether one identifier, in canonical form, was erased here or everywhere and not registered again."""
    hashes = keys.fingerprints(PURPOSE, f"{kind}:{identifier}")
    return bool(await transaction.fetch("select buried($1, $2, $3)", kind, organisation_id, hashes))


async def lift_erased_account(transaction: Transaction, keys: KeyRing, address: EmailAddress, *, at: datetime) -> None:
    """Let the address of an erased account be used again by who has proven it; needs the directory's scope.

    Unlike ``lift`` it leaves what organisations erased as it is.
    """
    await transaction.execute(
        "update tombstone set lifted_at = $1 where kind = 'email' and identifier_hash = any($2) and lifted_at is null"
        " and organisation_id is null",
        at,
        keys.fingerprints(PURPOSE, f"email:{address}"),
    )


async def lift(
    transaction: Transaction, keys: KeyRing, identifier: str, *, at: datetime, kind: IdentifierKind = "email"
) -> None:
    """Let an identifier be used again, everywhere, as its owner has asked; needs the directory's scope.

    With a sub-address, whose owner receives what is sent to the mailbox, that is lifted too.
    """
    forms = mailbox_forms(identifier) if kind == "email" else (identifier,)
    await transaction.execute(
        "update tombstone set lifted_at = $1 where kind = $2 and identifier_hash = any($3) and lifted_at is null",
        at,
        kind,
        [digest for form in forms for digest in keys.fingerprints(PURPOSE, f"{kind}:{form}")],
    )


async def lift_identity(
    transaction: Transaction, keys: KeyRing, organisation_id: UUID, identity: str, *, at: datetime
) -> None:
    """Let one organisation's provider vouch again for who comes back and says so; needs the directory's scope.

    A tombstone of the account everywhere goes with it, one of another organisation does not.
    """
    await transaction.execute(
        "update tombstone set lifted_at = $1 where kind = 'identity' and identifier_hash = any($2)"
        " and lifted_at is null and (organisation_id is null or organisation_id = $3)",
        at,
        keys.fingerprints(PURPOSE, f"identity:{identity}"),
        organisation_id,
    )


async def forget_tombstones(transaction: Transaction, organisation_id: UUID) -> None:
    """Remove the tombstones of one organisation, which has ended; needs the directory's scope."""
    await transaction.execute("delete from tombstone where organisation_id = $1", organisation_id)
