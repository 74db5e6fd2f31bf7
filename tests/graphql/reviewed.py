"""What was reviewed of each operation: who may do it, and how many statements it takes, in ``operations.txt``.

``WRITE_OPERATIONS=1 python -m pytest tests/graphql/test_permission_matrix.py tests/graphql/test_statements.py`` writes
the file again; read what changed.
"""

from __future__ import annotations

import os
from pathlib import Path

SNAPSHOT = Path(__file__).with_name("operations.txt")
_PART = "\n\n=== "
HEAD = """Every operation of the API, as reviewed: who may do it, and how many statements leave the connection for it.
Made by test_permission_matrix.py and test_statements.py; reviewed.py says how to write it again.

yes      done, or answered          nothing  answered, with nothing in it
no       the role does not allow it  unseen   not found, because not the caller's to see
scope    the token's scopes lack it  step-up  the second factor has to be shown again
sign-in  nobody is signed in         otherwise the code of the refusal, in lower case

read        by the transaction that answers: what a root field takes, or a relation adds to its way
write       by others: the record of who saw whom; of a mutation, what it did as well
{ … }       a root field or relation with all relations of its objects at once
statements  in the transaction of a mutation, as its sample calls it
entries     of the audit chain, appended in the message of COMMIT

Besides, each transaction takes a round trip to begin and one to end, but for a query of one list or object alone."""


def assert_reviewed(title: str, table: str) -> None:
    """Compare one table with the reviewed one of that title; or write it."""
    _, *parts = SNAPSHOT.read_text("utf-8").rstrip("\n").split(_PART)
    reviewed = dict(part.split("\n", 1) for part in parts)
    if os.environ.get("WRITE_OPERATIONS"):
        reviewed[title] = table
        text = HEAD + "".join(f"{_PART}{name}\n{reviewed[name]}" for name in sorted(reviewed))
        SNAPSHOT.write_text(f"{text}\n", "utf-8")
    assert table == reviewed.get(title), "read the difference; if it is right, run with WRITE_OPERATIONS=1"
