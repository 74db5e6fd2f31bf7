"""Who decides on what is held, the organisation or the provider: derived from the registry (requirements A6, B1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wardship.core.database.personal_data import Controller, TableEntry
from wardship.plugins.api.taxonomy import CATEGORIES, is_special
from wardship.tenants.access import Access


@dataclass(frozen=True, slots=True)
class HeldCategory:
    """A category of personal data that is held, and who decides on it.

    Attributes:
        category: its key.
        label: in words.
        is_special: whether it is specially protected.
        controller: who decides on it, and on what people ask about it; a category may stand with both.
        sources: where it comes from, as codes.
    """

    category: str
    label: str
    is_special: bool
    controller: Controller
    sources: tuple[str, ...]


def held_categories(access: Access) -> list[HeldCategory]:
    """Return the categories that are held on a person here, each with who decides, in the order of their keys.

    Raises:
        PermissionDeniedError: the caller is nobody on whom anything is held here.
    """
    access.require_person("read")
    return categories_in(access.services.nouns.held)


def categories_in(held: Sequence[TableEntry]) -> list[HeldCategory]:
    """Return the categories that tables hold of people, each with who decides."""
    sources: dict[tuple[str, Controller], set[str]] = {}
    for entry in held:
        for column in entry.personal.values():
            if entry.subject is not None:
                sources.setdefault((column.category, entry.controller), set()).add(column.source.value)
    return [
        HeldCategory(category, category_label(category), is_special(category), controller, tuple(sorted(found)))
        for (category, controller), found in sorted(sources.items())
    ]


def category_label(category: str) -> str:
    """Return a category in words; of one that has none of its own, those of the nearest above."""
    while category and category not in CATEGORIES:
        category = category.rpartition(".")[0]
    return CATEGORIES[category].label if category else "everything"
