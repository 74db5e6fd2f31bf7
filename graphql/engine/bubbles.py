"""What generated code lets through where a value can't be had: to be caught at the nearest position that may be null.

Both are no ``Exception``, because generated code hands every one of these to graphql-core.
"""

from __future__ import annotations

from graphql import GraphQLError


class Bubble(BaseException):
    """An error of a field that may not be null, located, on its way to the nearest position that may."""

    def __init__(self, error: GraphQLError) -> None:
        super().__init__(error.message)
        self.error = error


class Unfinished(BaseException):
    """Something has to be awaited where only rendering was left to do: the root field is left to graphql-core."""
