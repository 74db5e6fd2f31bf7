"""Pseudonyms: what remains of a name after an erasure (requirement B6)."""

from __future__ import annotations

import secrets

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 12
PREFIX = "Former member "


def new_pseudonym() -> str:
    """Return a pseudonym with 60 random bits: unique in its organisation, and of no use for finding another's.

    It derives from nothing, so that the same person's pseudonyms in two organisations cannot be linked.
    """
    return PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
