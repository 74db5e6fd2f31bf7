"""Filters (RFC 7644, section 3.4.2.2) as conditions of SQL: the whole grammar, decided by the database.

Each condition is true or false and never NULL, so that ``not`` turns it. Values go in as parameters. What an index can
answer is also told as a seed: the ids of the few resources that can match at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from scim2_models import AttributeBinding, InvalidFilterException, ScimFilter
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterNode,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
    coerce_value,
)

from wardship.core.text import in_one_form
from wardship.tenants.parameters import Parameters
from wardship.tenants.scim.attributes import Attributes, Column, Elements, Kind, caseless
from wardship.tenants.scim.users import key_of

_OP: Final = CompareOperator
_ORDER: Final = {_OP.gt: ">", _OP.ge: ">=", _OP.lt: "<", _OP.le: "<="}
_TEXTS: Final = {
    _OP.co: "position({v} in {x}) > 0",
    _OP.sw: "starts_with({x}, {v})",
    _OP.ew: "right({x}, length({v})) = {v}",
    **{op: f'{{x}} collate "C" {sign} {{v}} collate "C"' for op, sign in _ORDER.items()},
}
_DEEPEST: Final = 32
_MOST_CONDITIONS: Final = 100
LONGEST: Final = 10_000
"""Characters of a filter: a longer one is refused before it is read, which takes seconds for a million."""


@dataclass(frozen=True, slots=True)
class Translation:
    """A filter as a condition.

    Attributes:
        condition: over one row of the resource's tables.
        seed: a statement for the ids of all resources that can match; empty where every one can.
    """

    condition: str
    seed: str = ""


class FilterTranslator(FilterVisitor[str]):
    """Translates one filter for one kind of resource.

    Args:
        bound: the filter, bound to the resource's class.
        attributes: where the attributes stand.
        seeds: by URN, a statement for the ids of those that have the value ``{}``, which an index finds.
        parameters: of the statement.
    """

    def __init__(
        self, bound: ScimFilter[Any], attributes: Attributes, seeds: Mapping[str, str], parameters: Parameters
    ) -> None:
        self._bound = bound
        self._attributes = attributes
        self._seeds = seeds
        self._parameters = parameters
        self._inside: tuple[AttrPath, Elements] | None = None
        self._depth = 0
        self._conditions = 0

    def translate(self) -> Translation:
        """Return the filter as a condition.

        Raises:
            InvalidFilterException: it names what can't be compared, or is longer or deeper than any that is meant.
        """
        return Translation(self.visit(self._bound.ast), self._seed_of(self._bound.ast))

    def visit(self, node: FilterNode) -> str:
        """Return the condition of one node."""
        self._depth += 1
        self._conditions += 1
        if self._depth > _DEEPEST or self._conditions > _MOST_CONDITIONS:
            raise InvalidFilterException(detail="This filter is too long: ask in parts.")
        condition = super().visit(node)
        self._depth -= 1
        return condition

    def visit_not(self, node: Not) -> str:
        """Return the opposite of a condition."""
        return f"not {self.visit(node.expr)}"

    def visit_logical_expr(self, node: LogicalExpr) -> str:
        """Return several conditions as one."""
        joined = f" {'and' if node.op is LogicalOperator.and_ else 'or'} ".join(self.visit(term) for term in node.terms)
        return f"({joined})"

    def visit_present(self, node: Present) -> str:
        """Return whether an attribute has a value: a complex one, whether any of its parts has."""
        binding = self._bound_at(node.attr_path, for_comparison=False)
        if binding is None:
            return "false"
        if (elements := self._elements_of(binding)) is not None and self._inside is None:
            part = binding.sub_field_name and self._part(binding, elements)
            present = f"{part.sql} is not null" if part else "true"
            return _any(elements, present)
        if self._inside is not None:
            return f"({self._part(binding, self._inside[1]).sql} is not null)"
        found = self._columns_at(binding.urn)
        return f"({' or '.join(f'{column.sql} is not null' for column in found)})"

    def visit_comparison(self, node: Comparison) -> str:
        """Return whether an attribute compares so to a value; of several values one is enough, but for ``ne``."""
        binding = self._bound_at(node.attr_path, for_comparison=True)
        if binding is None:
            return "false"
        if self._inside is not None:
            return self._compared(self._part(binding, self._inside[1]), binding, node)
        elements = self._elements_of(binding)
        if elements is None:
            return self._compared(self._column(binding.urn), binding, node)
        return _of_several(elements, self._compared(self._part(binding, elements), binding, node), node)

    def visit_value_path(self, node: ValuePath) -> str:
        """Return whether one of several values satisfies the conditions in the brackets."""
        binding = self._bound_at(node.attr_path, for_comparison=False)
        if binding is None:
            return "false"
        elements = self._elements_of(binding)
        if elements is None:
            raise _not_comparable(binding.urn)
        self._inside = node.attr_path, elements
        condition = self.visit(node.val_filter)
        self._inside = None
        return _any(elements, condition)

    def _bound_at(self, path: AttrPath, *, for_comparison: bool) -> AttributeBinding | None:
        if self._inside is not None:
            outer = self._inside[0]
            path = AttrPath(outer.attr, path.attr, outer.uri)
        resolve = self._bound.resolve_comparison if for_comparison else self._bound.resolve
        return resolve(path, strict=False)

    def _elements_of(self, binding: AttributeBinding) -> Elements | None:
        urn = binding.urn.lower()
        found = self._attributes.get(urn.rpartition(".")[0] if binding.sub_field_name else urn)
        return found if isinstance(found, Elements) else None

    def _part(self, binding: AttributeBinding, elements: Elements) -> Column:
        part = elements.parts.get(binding.urn.lower().rpartition(".")[2])
        if part is None:
            raise _not_comparable(binding.urn)
        return part

    def _column(self, urn: str) -> Column:
        found = self._attributes.get(urn.lower())
        if not isinstance(found, Column):
            raise _not_comparable(urn)
        return found

    def _columns_at(self, urn: str) -> list[Column]:
        """Return the columns of an attribute: of a complex one, those of its parts."""
        name = urn.lower()
        found = [
            column
            for known, column in self._attributes.items()
            if isinstance(column, Column) and (known == name or known.startswith((f"{name}.", f"{name}:")))
        ]
        if not found:
            raise _not_comparable(urn)
        return found

    def _compared(self, column: Column, binding: AttributeBinding, node: Comparison) -> str:
        if node.value is None:
            return _compared_to_null(column, node.op)
        match column.kind:
            case Kind.BOOLEAN:
                return self._equal(column.sql, self._parameters.add(bool(node.value)), node.op)
            case Kind.MOMENT:
                return self._ordered(column.sql, coerce_value(binding, node.value, node.op), node.op)
            case Kind.TEXT:
                return self._texts(column, binding, node)

    def _equal(self, sql: str, place: str, op: CompareOperator) -> str:
        return f"({sql} is {'' if op is _OP.ne else 'not '}distinct from {place})"

    def _ordered(self, sql: str, value: object, op: CompareOperator) -> str:
        if not isinstance(value, datetime):
            return "false"  # part of a text, sought in a moment
        place = f"{self._parameters.add(value)}::timestamptz"
        if op in {_OP.eq, _OP.ne}:
            return self._equal(sql, place, op)
        return f"coalesce({sql} {_ORDER[op]} {place}, false)"

    def _texts(self, column: Column, binding: AttributeBinding, node: Comparison) -> str:
        is_part = node.op in _TEXTS
        value = _as_kept(node.value, is_part=is_part)
        if value is None:
            return "true" if node.op is _OP.ne else "false"
        if column.key and not is_part:
            return self._equal(column.key, f"{self._parameters.add(key_of(value))}::text", node.op)
        place = f"{self._parameters.add(value)}::text"
        sought = place if binding.case_exact else caseless(place)
        folded = column.text(is_exact=binding.case_exact)
        if is_part:
            return f"coalesce({_TEXTS[node.op].format(x=folded, v=sought)}, false)"
        return self._equal(folded, sought, node.op)

    def _seed_of(self, node: FilterNode) -> str:
        """Return the statement for the ids that a condition leaves, where an index has them."""
        if isinstance(node, LogicalExpr) and node.op is LogicalOperator.and_:
            return next(filter(None, map(self._seed_of, node.terms)), "")
        if not isinstance(node, Comparison) or node.op is not _OP.eq or not isinstance(node.value, str):
            return ""
        binding = self._bound.resolve_comparison(node.attr_path, strict=False)
        seed = self._seeds.get(binding.urn.lower()) if binding is not None else None
        if binding is None or seed is None:
            return ""
        value = _as_kept(node.value)
        if value is None:
            return ""
        return seed.format(self._parameters.add(key_of(value) if self._column(binding.urn).key else value))


def _as_kept(value: object, *, is_part: bool = False) -> str | None:
    """Return a text in the form in which texts are kept; None for what no text of ours can be."""
    if not isinstance(value, str) or "\0" in value:
        return None
    try:
        value.encode()
    except UnicodeEncodeError:
        return None
    return in_one_form(value, is_part=is_part)


def _of_several(elements: Elements, condition: str, node: Comparison) -> str:
    """Return a condition on one of several values as one on all of them: none may be what it must not be."""
    if node.op is _OP.ne:
        none_is = f"not {_any(elements, f'not {condition}')}"
        return none_is if node.value is not None else f"({_any(elements, 'true')} and {none_is})"
    found = _any(elements, condition)
    is_absence = node.op is _OP.eq and node.value is None
    return f"({found} or not {_any(elements, 'true')})" if is_absence else found


def _any(elements: Elements, condition: str) -> str:
    return f"exists (select from {elements.source} where {condition})"


def _compared_to_null(column: Column, op: CompareOperator) -> str:
    match op:
        case _OP.eq:
            return f"({column.sql} is null)"
        case _OP.ne:
            return f"({column.sql} is not null)"
        case _:
            return "false"


def _not_comparable(urn: str) -> InvalidFilterException:
    return InvalidFilterException(detail=f"{urn} can't be filtered by: use another attribute.")
