"""Annotations as what they name, before Strawberry reads them.

Where a module says ``from __future__ import annotations`` they are texts, each of which Strawberry parses, writes and
compiles several times: a third of what importing the API took.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

DeclaredT = TypeVar("DeclaredT", bound="type | Callable[..., Any]")


def evaluated(declared: DeclaredT) -> DeclaredT:
    """Return a class or function with its annotations evaluated; those stay texts where one names what comes later."""
    with suppress(NameError):
        declared.__annotations__ = inspect.get_annotations(declared, eval_str=True)
    return declared
