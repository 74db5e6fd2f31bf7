"""What a PATCH does: to the people of a group as to a set, and to everything else by the library, in bounds.

The library copies and compares a whole resource for each operation: a hundred that take one person out of a group of
five thousand would keep every organisation waiting for as long as a quarter of a minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from scim2_models import PatchOp, PatchOperation, PayloadTooLargeException, Resource
from scim2_models.path import AttrPath, CompareOperator, Comparison, FilterNode, LogicalExpr, LogicalOperator
from scim2_server.utils import parametrize

from wardship.tenants.scim.attributes import as_id
from wardship.tenants.scim.resources import Group, GroupMember

FEW_OPERATIONS: Final = 5
"""How many operations besides those on the people of a group are always done."""
MOST_WORK: Final = 20_000
"""How many values more of them may look at, each at all: about a second of one process."""
_SAID_OF_PERSON: Final = frozenset({"value", "display", "type", "$ref"})


@dataclass(frozen=True, slots=True)
class PeopleChange:
    """An operation on who is in a group.

    Attributes:
        verb: ``add``, ``remove`` or ``replace``.
        entries: who, each as it was sent; None for everybody.
    """

    verb: str
    entries: tuple[dict[str, Any], ...] | None


def patched(resource: Resource[Any], patch: PatchOp[Any]) -> bool:
    """Apply the operations in order, and return whether they changed anything; a refusal leaves it half done.

    Raises:
        PayloadTooLargeException: it is more work than one request may be.
        SCIMException: an operation is none.
    """
    operations = patch.operations or []
    if not isinstance(resource, Group):
        _require_little(resource, len(operations))
        return patch.patch(resource)
    changes = [_change_of(each) for each in operations]
    _require_little(resource, changes.count(None))
    found = False
    for is_other, run in groupby(zip(operations, changes, strict=True), key=lambda pair: pair[1] is None):
        if is_other:
            others = {"Operations": [each for each, _ in run]}
            found |= parametrize(PatchOp, type(resource)).model_validate(others).patch(resource)
        else:
            found |= _set_people(resource, [change for _, change in run if change is not None])
    return found


def _require_little(resource: Resource[Any], operations: int) -> None:
    held = sum(len(value) for name in type(resource).model_fields if isinstance(value := getattr(resource, name), list))
    if operations > FEW_OPERATIONS and operations * (operations + held) > MOST_WORK:
        raise PayloadTooLargeException(
            detail="These operations are too many for one request: send them in several, people of a group by"
            " `members`, or `members[value eq …]` where they leave."
        )


def _set_people(group: Group, changes: Iterable[PeopleChange]) -> bool:
    """Change who is in a group as each operation says."""
    people: dict[object, GroupMember] = {_key(each.value or ""): each for each in group.members or ()}
    before = list(people)
    for change in changes:
        if change.entries is None or change.verb == "replace":
            kept, people = people, {}
        else:
            kept = people
        for entry in change.entries or ():
            key = _key(entry["value"])
            if change.verb == "remove":
                people.pop(key, None)
            else:
                people[key] = kept.get(key) or GroupMember.model_validate(entry)
    group.members = list(people.values()) or None
    return list(people) != before


def _key(value: str) -> object:
    return as_id(value) or value


def _change_of(operation: PatchOperation[Any]) -> PeopleChange | None:
    """Return what an operation does to the people of a group; None where that, or more, is the library's to find."""
    path, verb, value = operation.path, str(operation.op.value), operation.value
    if path is None or path.model is not None:
        return None
    binding = path.resolve()
    if binding is None or binding.field_name != "members" or binding.sub_field_name is not None:
        return None
    if isinstance(path.ast, AttrPath):
        if value is None:
            return PeopleChange(verb, None) if verb == "remove" else None
        entries = _entries(value, frozenset({"value"}) if verb == "remove" else _SAID_OF_PERSON)
        return None if entries is None else PeopleChange(verb, entries)
    if verb != "remove" or value is not None or path.value_filter is None:
        return None
    named = list(_named(path.value_filter))
    return None if None in named else PeopleChange(verb, tuple({"value": each} for each in named))


def _entries(value: object, may_say: frozenset[str]) -> tuple[dict[str, Any], ...] | None:
    """Return people as they were sent, where all is said as usual."""
    listed: Sequence[object] = value if isinstance(value, list) else [value]
    found = [
        entry
        for entry in listed
        if isinstance(entry, dict)
        and isinstance(entry.get("value"), str)
        and may_say.issuperset(entry)
        and all(isinstance(each, str) for each in entry.values())
    ]
    return tuple(found) if len(found) == len(listed) else None


def _named(node: FilterNode) -> Iterator[str | None]:
    """Yield whom a filter names by value; None for a condition that is another."""
    if isinstance(node, LogicalExpr) and node.op is LogicalOperator.or_:
        for term in node.terms:
            yield from _named(term)
        return
    if isinstance(node, Comparison) and node.op is CompareOperator.eq and str(node.attr_path).lower() == "value":
        yield node.value if isinstance(node.value, str) else None
    else:
        yield None
