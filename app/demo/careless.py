"""An integration whose author took whatever is not an answer for absence; only the demonstration knows it.

It is the address book in all but the proof: a look-up that is refused, redirected or unanswered counts as "gone" there.
The host must not believe it.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from wardship.plugins.api import (
    ENTRY_POINT_GROUP,
    Attestation,
    AuthorisationExpired,
    Claim,
    Connector,
    ConnectorContext,
    Manifest,
    Rejected,
    RevocationPlan,
    TemporarilyUnavailable,
    hookimpl,
)

KEY: Final = "careless_book"


def install_for(folder: Path) -> Path:
    """Make a folder with which on its path a process finds this integration, as if its package were installed."""
    path = folder / "integrations"
    described = path / f"{KEY}-1.dist-info"
    described.mkdir(parents=True)
    (described / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {KEY}\nVersion: 1\n")
    (described / "entry_points.txt").write_text(f"[{ENTRY_POINT_GROUP}]\n{KEY} = {__name__}\n")
    return path


@hookimpl
def wardship_receives() -> Manifest:
    """Return the address book's manifest under another name."""
    manifest: Manifest = _address_book().wardship_receives()
    return manifest.model_copy(update={"key": KEY, "name": "Careless address book"})


@hookimpl
def wardship_revokes() -> RevocationPlan:
    """Return the address book's revocation plan."""
    plan: RevocationPlan = _address_book().wardship_revokes()
    return plan


@hookimpl
def wardship_connector(context: ConnectorContext[Any]) -> Connector[Any]:
    """Return the address book's connector for one call, whose proof believes every error."""
    connector = _address_book().wardship_connector(context)
    look_up = connector.attest

    async def attest(claim: Claim) -> Attestation:
        try:
            proof: Attestation = await look_up(claim)
        except (AuthorisationExpired, Rejected, TemporarilyUnavailable):
            method = "looked every entry up, and took whatever was no answer for gone"
            return Attestation.probed(at=context.now(), method=method, evidence=context.obligation_id)
        return proof

    connector.attest = attest
    made: Connector[Any] = connector
    return made


def _address_book() -> ModuleType:
    (found,) = entry_points(group=ENTRY_POINT_GROUP, name="address_book")
    module: ModuleType = found.load()
    return module
