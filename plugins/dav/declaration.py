"""What the two DAV integrations declare alike: the organisation's own server, and how entries are taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wardship.plugins.api import (
    STANDARD_FIELDS,
    AttestationLevel,
    AttestSupport,
    Direction,
    EraseSupport,
    ExportSupport,
    Field,
    Fixtures,
    Identifier,
    IdentifierType,
    LegalBasis,
    Limits,
    Manifest,
    Receives,
    Record,
    RevocationMethod,
    RevocationPlan,
    RevocationStep,
    RevokeSupport,
    Safeguard,
    SubjectRef,
    Supports,
    Transfer,
    Vendor,
    Verb,
)
from wardship.plugins.dav.settings import DavSettings

_SUPPORTS: Final = Supports(
    export=ExportSupport.SYNC,
    erase=EraseSupport.DELETE,
    revoke=RevokeSupport.API,
    attest=AttestSupport.PROBE,
    correct=True,
    restrict=True,
    object=True,
    reconcile=True,
)

_PERSON: Final = SubjectRef(id="fixture-person-1")


def manifest_of(
    key: str, name: str, server: str, receives: Mapping[str, tuple[str, ...]], people: tuple[Record, Record]
) -> Manifest:
    """Return the manifest of an integration that keeps a collection equal to what members let it have.

    Args:
        key: of the integration.
        name: towards people.
        server: the protocol; the recipient is who runs the server that the administrator names.
        receives: category to names of fields.
        people: a person and the same one changed, for the contract's tests.
    """
    return Manifest(
        key=key,
        name=name,
        version="2",
        contract=2,
        vendor=Vendor(
            legal_name=f"the operator of the {server} server that you name",
            privacy_contact=f"whoever runs that {server} server for your organisation",
        ),
        receives=tuple(_mirrored(category, fields) for category, fields in receives.items()),
        identifiers=(Identifier(type=IdentifierType.EMAIL),),
        supports=_SUPPORTS,
        limits=Limits(batch=50),
        transfer=Transfer(country_setting="server_country", safeguard=Safeguard.NONE_NEEDED),
        host_settings=("collection_url",),
        settings=DavSettings,
        fixtures=Fixtures(active=people[0], updated=people[1], closed=_PERSON),
    )


def _mirrored(category: str, fields: tuple[str, ...]) -> Receives:
    return Receives(
        category=category,
        fields=fields,
        purpose="functional.service",
        legal_basis=LegalBasis.LEGITIMATE_INTEREST,
        direction=Direction.MIRROR,
        retention_days=0,
    )


def person(**values: str) -> Record:
    """Return a made-up person with these standard fields."""
    return Record(subject=_PERSON, fields=tuple(field(name, value) for name, value in values.items()))


def field(name: str, value: str) -> Field:
    """Return a standard field with a value."""
    return Field(category=STANDARD_FIELDS[name].category, name=name, value=value)


def plan_for(what: str) -> RevocationPlan:
    """Return the plan: entries are deleted and looked up; the account itself only a person can close.

    HTTP Basic authentication knows no revocation by the client (RFC 7617), so the plan does not claim it.
    """
    delete = f"delete the entries whose names begin with 'wardship-' from the {what}, with any client"
    return RevocationPlan(
        steps=(
            RevocationStep(
                verb=Verb.REVOKE,
                method=RevocationMethod.API,
                deletes=f"every entry that this installation put into the {what}",
                deadline_h=24,
                proof=AttestationLevel.PROBED,
                instructions=f"Should it fail: {delete}.",
            ),
            RevocationStep(
                verb=Verb.REVOKE,
                method=RevocationMethod.MANUAL,
                deletes="the app password that Wardship used, and with it every access",
                deadline_h=168,
                proof=AttestationLevel.MANUAL,
                instructions="Delete the app password, or the account, that you made for Wardship on the server.",
            ),
            RevocationStep(
                verb=Verb.ERASE,
                method=RevocationMethod.API,
                deletes=f"the person's entry in the {what}",
                deadline_h=720,
                proof=AttestationLevel.PROBED,
                instructions=f"Should it fail: {delete}.",
            ),
        )
    )
