"""Codes and tokens: random, told once, kept as a hash, and short-lived. What they open is asked of their grant."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from enum import StrEnum
from typing import Final

SCOPE: Final = "members.read"
"""The one scope: the members' fields that were declared and granted."""
CODE_LIFE: Final = timedelta(seconds=60)
ACCESS_LIFE: Final = timedelta(minutes=10)
REFRESH_LIFE: Final = timedelta(days=30)
"""How long a refresh token waits for its use; each use gives another."""
CODE_PREFIX: Final = "wsc_"


class TokenKind(StrEnum):
    """What a token is for."""

    ACCESS = "access"
    REFRESH = "refresh"


PREFIXES: Final = {TokenKind.ACCESS: "wsv_", TokenKind.REFRESH: "wsr_"}
"""How tokens begin: by it leaked ones are recognised."""
LIVES: Final = {TokenKind.ACCESS: ACCESS_LIFE, TokenKind.REFRESH: REFRESH_LIFE}


def new_text(prefix: str) -> str:
    """Return a secret of 256 random bits."""
    return prefix + secrets.token_urlsafe(32)


def text_hash(text: str) -> bytes:
    """Return what is kept of a code or token: it is random, so that it needs no salt."""
    return hashlib.sha256(text.encode()).digest()
