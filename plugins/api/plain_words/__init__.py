"""Declarations, and what is different between two of them, in words that people understand: one generator for all."""

from __future__ import annotations

from wardship.plugins.api.plain_words.catalogue import MESSAGES
from wardship.plugins.api.plain_words.declaration import PlainWords, Section, plain_words
from wardship.plugins.api.plain_words.messages import Message, Term, TermKind, Value, say
from wardship.plugins.api.plain_words.phrases import recipient_words

__all__ = [
    "MESSAGES",
    "Message",
    "PlainWords",
    "Section",
    "Term",
    "TermKind",
    "Value",
    "plain_words",
    "recipient_words",
    "say",
]
