"""An integration that does nothing: what is measured with it is Wardship's own work."""

from __future__ import annotations

from typing import Any, Final

from wardship.plugins.api import (
    Connector,
    ConnectorContext,
    Field,
    LegalBasis,
    Limits,
    Manifest,
    Outcome,
    Receives,
    Record,
    RevocationMethod,
    RevocationPlan,
    RevocationStep,
    Safeguard,
    Settings,
    Share,
    SubjectRef,
    Supports,
    Transfer,
    Vendor,
    Verb,
    hookimpl,
)
from wardship.plugins.api.outcome import AttestationLevel
from wardship.plugins.api.supports import AttestSupport, EraseSupport, ExportSupport, RevokeSupport

KEY: Final = "nothing"


class NothingSettings(Settings):
    """Which of several: the same is not connected twice for the same people."""

    number: int = 0


MANIFEST: Final = Manifest(
    key=KEY,
    name="Nothing",
    version="1",
    vendor=Vendor(legal_name="Nobody Ltd", country="IE", privacy_contact="privacy@nobody.example"),
    receives=(
        Receives(
            category="user.name",
            fields=("first_name", "last_name"),
            purpose="functional.service",
            legal_basis=LegalBasis.LEGITIMATE_INTEREST,
            retention_days=0,
        ),
    ),
    supports=Supports(
        export=ExportSupport.NONE, erase=EraseSupport.DELETE, revoke=RevokeSupport.API, attest=AttestSupport.NONE
    ),
    limits=Limits(batch=100, per_minute=6000),
    transfer=Transfer(countries=("IE",), safeguard=Safeguard.NONE_NEEDED),
    settings=NothingSettings,
)
PLAN: Final = RevocationPlan(
    steps=tuple(
        RevocationStep(
            verb=verb,
            method=RevocationMethod.API,
            deletes="nothing, since nothing is kept",
            deadline_h=24,
            proof=AttestationLevel.SELF_REPORTED,
        )
        for verb in (Verb.REVOKE, Verb.ERASE)
    )
)
SHARE: Final = Share(
    records=(
        Record(
            subject=SubjectRef(id="subject-0001"),
            fields=(
                Field(category="user.name.first", name="first_name", value="Ada"),
                Field(category="user.name.last", name="last_name", value="Lovelace"),
            ),
        ),
    )
)


class Nothing(Connector[Any]):
    """Says that all is done, and counts."""

    shared = 0

    async def check(self) -> Outcome:
        """Do nothing."""
        return Outcome.completed()

    async def share(self, share: Share) -> Outcome:
        """Count the records."""
        type(self).shared += len(share.records)
        return Outcome.completed(len(share.records))

    async def erase(self, subject: SubjectRef) -> Outcome:
        """Forget what was never kept."""
        del subject
        return Outcome.completed(1)


@hookimpl
def wardship_receives() -> Manifest:
    """Return the manifest."""
    return MANIFEST


@hookimpl
def wardship_revokes() -> RevocationPlan:
    """Return the revocation plan."""
    return PLAN


@hookimpl
def wardship_connector(context: ConnectorContext[Any]) -> Connector[Any]:
    """Return the connector for one call."""
    return Nothing(context)
