"""How a request says which document it means, over HTTP and over WebSocket alike."""

from __future__ import annotations

from collections.abc import Mapping


def names_one_document(parameters: Mapping[str, object]) -> bool:
    """Return whether there is either a document in `query`, or the identifier of one in `documentId`."""
    given = [parameters[name] for name in ("query", "documentId") if parameters.get(name) is not None]
    return len(given) == 1 and isinstance(given[0], str)
