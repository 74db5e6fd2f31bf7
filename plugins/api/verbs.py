"""What the host may ask of a connector."""

from __future__ import annotations

from enum import StrEnum


class Verb(StrEnum):
    """One method of a connector; its value is the method's name."""

    CHECK = "check"
    GRANT = "grant"
    SHARE = "share"
    REVOKE = "revoke"
    EXPORT = "export"
    CORRECT = "correct"
    RESTRICT = "restrict"
    ERASE = "erase"
    ATTEST = "attest"
    RECONCILE = "reconcile"
    RECEIVE = "receive"
