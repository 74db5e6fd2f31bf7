"""What the two DAV integrations declare alike: the organisation's own server, and how entries are taken back."""

from __future__ import annotations

from typing import Final

from wardship.plugins.api import (
    AttestationLevel,
    AttestSupport,
    EraseSupport,
    ExportSupport,
    RevocationMethod,
    RevocationPlan,
    RevocationStep,
    RevokeSupport,
    Safeguard,
    Supports,
    Transfer,
    Vendor,
    Verb,
)

SUPPORTS: Final = Supports(
    export=ExportSupport.SYNC,
    erase=EraseSupport.DELETE,
    revoke=RevokeSupport.API,
    attest=AttestSupport.PROBE,
    correct=True,
    restrict=True,
    object=True,
    reconcile=True,
)

TRANSFER: Final = Transfer(country_setting="server_country", safeguard=Safeguard.NONE_NEEDED)


def operator_of(server: str) -> Vendor:
    """Return the recipient: who runs the server that the administrator names."""
    return Vendor(
        legal_name=f"the operator of the {server} server that you name",
        privacy_contact=f"whoever runs that {server} server for your organisation",
    )


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
