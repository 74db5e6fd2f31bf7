"""What becomes of the rows of each table when their organisation becomes part of another: declared, table by table.

A table of organisations that is not named here fails a test, and keeps a merger from being carried out.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from wardship.core.database.personal_data import TableEntry
from wardship.core.database.tables import TenantRows


class Fate(StrEnum):
    """What becomes of rows."""

    GO_OVER = "go_over"
    """They become the other organisation's, with their identifiers, moments and states."""
    STAY = "stay"
    """They stay the rows of the organisation that has gone: they prove what was, and name it."""
    END = "end"
    """They are deleted: they gave somebody a reach that a merger must not widen."""


_OVER: Final = Fate.GO_OVER

FATES: Final = MappingProxyType(
    {
        "account_claim": _OVER,  # those that are managed; who had not decided is asked no more
        "approval": _OVER,  # the open ones have expired
        "audit_entry": Fate.STAY,
        "audit_head": Fate.STAY,
        "authorisation_flow": Fate.END,  # the browser comes back to an organisation that has gone
        "certificate": _OVER,
        "consent": _OVER,
        "consent_withdrawal": _OVER,
        "counted_deletion": _OVER,
        "data_access": _OVER,
        "data_access_person": _OVER,
        "data_request": _OVER,
        "directory_user": Fate.END,  # the other's directory speaks for its own people alone
        "disclosure": _OVER,
        "domain_claim": _OVER,
        "domain_evidence": _OVER,
        "domain_grouping": _OVER,  # the running ones are cancelled
        "domain_policy": _OVER,  # off, until administrators of the other set it
        "erasure_find": _OVER,
        "erasure_find_rule": _OVER,
        "erasure_remainder": _OVER,
        "export_file": _OVER,
        "file_reference": _OVER,
        "grace_period": _OVER,
        "group_membership": _OVER,  # whom a rule had put in stays: people decide from then on
        "group_rule": Fate.END,  # it would put the other's people in, or take its own out among them
        "group_rule_value": Fate.END,
        "identity_provider": Fate.END,
        "inbound_message": _OVER,  # a call that was taken before is not taken again
        "inbound_order": _OVER,
        "installation": _OVER,
        "installation_place": _OVER,
        "integration_client": Fate.END,  # there are none: all are the provider's, which merges with nobody
        "integration_grant": _OVER,
        "invitation": _OVER,
        "manual_task": _OVER,
        "member": _OVER,  # of who is in both, one membership is left
        "mention": _OVER,
        "notice": _OVER,
        "objection": _OVER,
        "obligation": _OVER,
        "ownership_transfer": _OVER,  # the open one has ended
        "place_authorisation": _OVER,  # it opens the vendor for what goes over, whoever owns it
        "place_pace": _OVER,  # the vendor asked to be left alone, whoever calls
        "post": _OVER,
        "preview": _OVER,
        "provisioning_failure": Fate.END,
        "provisioning_token": Fate.END,
        "received_datum": _OVER,
        "request_event": _OVER,
        "request_right": _OVER,
        "restriction": _OVER,
        "saved_view": _OVER,
        "role_assignment": _OVER,  # that of a plain member alone: the others have ended
        "subject_link": _OVER,
        "untold_look": _OVER,
        "user_group": _OVER,
        "remote_integration": Fate.END,  # there are none: all are the provider's
        "remote_integration_secret": Fate.END,
        "vendor_client": Fate.END,  # there are none: all are the provider's, which merges with nobody
        "vendor_client_secret": Fate.END,
        "vendor_code": Fate.END,
        "vendor_export": _OVER,
        "vendor_grant": Fate.END,  # who consented had fewer people before
        "vendor_token": Fate.END,
        "vendor_token_family": Fate.END,
    }
)
"""By table of organisations."""

DIRECTORY_FATES: Final = MappingProxyType(
    {
        "access_token": Fate.END,
        "account_event": Fate.STAY,
        "account_notice": _OVER,
        "account_recovery": _OVER,
        "appointment": Fate.STAY,  # of an organisation that waits for its owner: it does not merge
        "identity": Fate.END,  # the other's provider vouches for nobody here; sessions by it end with it
        "outgoing_mail": _OVER,
        "refused_mail": _OVER,
        "session": Fate.END,
        "tombstone": _OVER,
    }
)
"""By table of the directory whose rows name an organisation in ``organisation_id``."""

TEXTS: Final = (
    "approval.arguments",
    "notice.details",
    "obligation.arguments",
    "obligation.dedupe_key",
    "post.body",
    "preview.content",
    "request_right.details",
    "request_right.limitations",
)
"""Columns in whose texts a membership may be named by its identifier; what proves something is not among them."""


def going_over(held: Sequence[TableEntry]) -> list[str]:
    """Return the tables whose rows go over.

    Raises:
        LookupError: one has no declared fate: a fault of the program.
    """
    return _with_fate(held, Fate.GO_OVER)


def ending(held: Sequence[TableEntry]) -> list[str]:
    """Return the tables whose rows end.

    Raises:
        LookupError: one has no declared fate: a fault of the program.
    """
    return _with_fate(held, Fate.END)


def _with_fate(held: Sequence[TableEntry], fate: Fate) -> list[str]:
    names = [entry.name for entry in held if issubclass(entry.table, TenantRows)]
    if missing := [name for name in names if name not in FATES]:
        raise LookupError(f"No fate in a merger is declared for {', '.join(missing)}.")
    return [name for name in names if FATES[name] is fate]
