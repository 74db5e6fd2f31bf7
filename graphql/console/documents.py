"""The documents that the console's pages send, by their identifiers, as its build has found them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from wardship.core.errors import WardshipError
from wardship.graphql.engine import document_id

MANIFEST: Final = "documents.json"


class ConsoleDocumentsError(WardshipError):
    """The console's documents can't be read: build it again by `make console`."""

    code = "CONSOLE_DOCUMENTS"


def read_documents(built: Path) -> dict[str, str]:
    """Return the documents of a built console; none where it was not built.

    Args:
        built: the folder that it was built into.

    Raises:
        ConsoleDocumentsError: the manifest is damaged.
    """
    path = built / MANIFEST
    if not path.is_file():
        return {}
    try:
        documents = msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except msgspec.DecodeError as error:
        raise _damaged(path, str(error)) from error
    wrong = next((identifier for identifier, text in documents.items() if identifier != document_id(text)), None)
    if wrong is not None:
        raise _damaged(path, f"{wrong} is not the identifier of its document")
    return documents


def _damaged(path: Path, why: str) -> ConsoleDocumentsError:
    return ConsoleDocumentsError(f"{path} is damaged ({why}): build the console again by `make console`.")
