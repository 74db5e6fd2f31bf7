"""Documents that the server knows beforehand, by their identifiers (GraphQL over HTTP, appendix A).

A client that was built together with the server sends which document it means, and no text of its own. What follows is
the same: a plan of the cache, limits, costs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, TypeAlias

from wardship.graphql.engine.errors import EngineError
from wardship.graphql.engine.operations import ExecutionRequest

TextRefusal: TypeAlias = Callable[[Any], EngineError | None]
"""Takes the host's request; returns why a document of its own isn't executed, or None where it is."""


class UnknownDocumentError(EngineError):
    """An identifier that the server has no document for: the client is of another version."""

    code = "UNKNOWN_DOCUMENT"


def document_id(text: str) -> str:
    """Return the identifier of a document: the SHA-256 of its text in UTF-8."""
    return f"sha256:{sha256(text.encode()).hexdigest()}"


def nobody_is_refused(request: object) -> None:
    """Let everybody send documents of their own: the default."""
    del request


class TrustedDocuments:
    """Finds the document that a request means.

    Args:
        texts: by their identifiers.
        text_refusal: tells who may not send documents of their own.
    """

    def __init__(self, texts: Mapping[str, str] | None = None, text_refusal: TextRefusal = nobody_is_refused) -> None:
        self._texts = texts or {}
        self._text_refusal = text_refusal

    def __len__(self) -> int:
        return len(self._texts)

    def meant(self, asked: ExecutionRequest, request: object) -> ExecutionRequest:
        """Return what is asked for, with the text of its document.

        Raises:
            UnknownDocumentError: there is none of that identifier.
            EngineError: the client may not send its own, and did.
        """
        if asked.document_id is None:
            refusal = self._text_refusal(request)
            if refusal is not None:
                raise refusal
            return asked
        text = self._texts.get(asked.document_id)
        if text is None:
            raise UnknownDocumentError(
                "The server doesn't know this document, because it is of another version: reload."
            )
        return replace(asked, query=text)
