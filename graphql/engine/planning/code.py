"""Python code, generated for one program, that makes the answer of values which are all fetched.

For each selection set on an object type there is a function ``o<node>(o, p, x)``, from an object and its path to the
answer's dict; for each composite field a function ``c<step>_<depth>(v, p, x)`` that completes its value; lists have the
part of them that starts at an index made by ``l…``. ``x`` is the execution: it does by graphql-core whatever the code
meets and wasn't written for. A path is ``(path above, key)``, None at the root, and read only when something is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from graphql import (
    GraphQLError,
    GraphQLLeafType,
    GraphQLNullableType,
    GraphQLObjectType,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.pyutils import Undefined

from wardship.graphql.engine.planning.field_plans import FieldPlan, Kind, SelectionPlan
from wardship.graphql.engine.planning.leaves import NAMES, leaf_of
from wardship.graphql.engine.schema.backing import classes_of, is_connection, is_edge, is_open, is_page_info

Render = Callable[[Any, Any, Any], Any]

LONG = 512
"""Lists longer than this are written part by part."""


class NullPropagation(BaseException):
    """An error of a field that may not be null, located, on its way to the nearest position that may."""

    def __init__(self, error: GraphQLError) -> None:
        super().__init__(error.message)
        self.error = error


class AwaitableMet(BaseException):
    """Something has to be awaited where only rendering was left to do: the root field is left to graphql-core."""


class CodeWriter:
    """Writes and compiles the functions of a program, those of a node when the node is first needed.

    Args:
        node_of: gives the selection set under a step for objects of a type.
    """

    def __init__(self, node_of: Callable[[FieldPlan, GraphQLObjectType], SelectionPlan]) -> None:
        self._node_of = node_of
        self._names: dict[str, Any] = {
            "NullPropagation": NullPropagation,
            "LONG": LONG,
            "OPEN": (Exception, type(Undefined)),
            **NAMES,
        }
        self._lines: list[str] = []
        self._bindings = 0

    def write_root(self, node: SelectionPlan) -> None:
        """Make the functions of the root fields and of everything below them."""
        self._lines = []
        for step in node.steps:
            self._root(step)
        self._compile(node)

    def write(self, node: SelectionPlan) -> None:
        """Make the functions of a node and of everything below it."""
        self._lines = []
        self._object(node)
        self._compile(node)

    def _compile(self, node: SelectionPlan) -> None:
        text = "\n".join(self._lines)
        exec(compile(text, f"<GraphQL program, node {node.number}>", "exec"), self._names)  # noqa: S102 (made of the schema's names and numbers alone)

    def close(self) -> None:
        """Let go of all functions, which refer to one another by their names."""
        self._names.clear()

    def root(self, step: FieldPlan) -> Callable[[Any], Any]:
        """Return the function ``(x) -> value`` that completes a root field."""
        render: Callable[[Any], Any] = self._names[f"r{step.number}"]
        return render

    def object(self, node: SelectionPlan) -> Render:
        """Return the function ``(o, p, x) -> dict`` of a node."""
        render: Render = self._names[f"o{node.number}"]
        return render

    def _root(self, step: FieldPlan) -> None:
        if step.kind is Kind.TYPENAME:
            done = repr(step.parent_type.name)
        else:
            done = self._field(step, f"x.memo[{step.number}][None]", "p")
        self._lines += [f"def r{step.number}(x):", f"    p = (None, {step.name!r})", f"    return {done}"]

    def _object(self, node: SelectionPlan) -> None:
        """Write a node's function; fields come in the order of the answer, as graphql-core would run them."""
        entries = self._entries(node, "o", "p")
        self._names[f"N{node.number}"] = node
        self._lines += [
            f"def o{node.number}(o, p, x):",
            "    try:",
            "        m = x.memo",
            f"        return {entries}",
            "    except Exception as error:",
            f"        return x.execute_object(N{node.number}, o, p, error)",
        ]

    def _entries(self, node: SelectionPlan, source: str, path: str) -> str:
        """Return the dict of an object's fields, as an expression.

        Args:
            node: the selection set.
            source: the name of the object.
            path: the expression of its path.
        """
        entries = [f"{step.name!r}: {self._entry(step, source, f'({path}, {step.name!r})')}" for step in node.steps]
        return f"{{{', '.join(entries)}}}"

    def _entry(self, step: FieldPlan, source: str, path: str) -> str:
        if step.kind is Kind.TYPENAME:
            return repr(step.parent_type.name)
        if step.kind is not Kind.PLAIN or step.is_faulty or not is_connection(step.parent_type):
            return self._field(step, self._value(step, source), path)
        if is_edge(step.named):
            return self._edges(step, source, path)
        if is_page_info(step.named):
            return self._page_info(step, source, path)
        return self._field(step, self._value(step, source), path)

    def _value(self, step: FieldPlan, source: str) -> str:
        """Return the expression for a field's value before it is completed."""
        if step.kind is Kind.BATCH or step.is_kept:
            return f"m[{step.number}][id({source})]"
        if step.kind is Kind.RESOLVED:
            return f"m[{step.number}][p]"
        value = f"{source}.{step.attribute}"
        if step.convert is None:
            return value
        self._names[f"t{step.number}"] = step.convert
        name = self._name()
        return f"({name} if ({name} := {value}) is None else t{step.number}({name}))"

    def _field(self, step: FieldPlan, value: str, path: str) -> str:
        """Return the expression that completes a field's value."""
        self._names[f"S{step.number}"] = step
        if step.is_introspection or step.is_faulty:
            return f"x.value(S{step.number}, 0, {value}, {path})"
        return self._completed(step, 0, value, path)

    def _completed(self, step: FieldPlan, depth: int, value: str, path: str) -> str:
        """Return the expression that completes the value of a field, or an item of a list in it."""
        type_ = step.types[depth]
        inner = get_nullable_type(type_)
        if is_leaf_type(inner):
            return self._leaf(step, depth, value, path)
        if is_object_type(inner) and is_non_null_type(type_) and classes_of(inner):
            name, bound = self._bound(value)
            other = f"x.value(S{step.number}, {depth}, {name}, {path})"
            return f"({self._one(step, inner, name, path)} if type({bound}) {self._classes(inner)} else {other})"
        self._completer(step, depth)
        return f"c{step.number}_{depth}({value}, {path}, x)"

    def _leaf(self, step: FieldPlan, depth: int, value: str, path: str) -> str:
        type_ = step.types[depth]
        leaf = leaf_of(cast("GraphQLLeafType", get_nullable_type(type_)))
        may_be_null = not is_non_null_type(type_)
        name, bound = self._bound(value)
        other = f"x.value(S{step.number}, {depth}, {name}, {path})"
        if leaf.names is not None:
            self._names[f"E{step.number}"] = leaf.names
            found, key = self._name(), name if may_be_null else bound
            known = f"{found} if ({found} := E{step.number}.get({key})) else {other}"
            return f"(None if ({bound}) is None else {known})" if may_be_null else f"({known})"
        if leaf.condition is None:
            return f"x.scalar(S{step.number}, {depth}, {value}, {path})"
        condition = leaf.condition.format(v=name)
        if may_be_null:
            return f"({name} if ({bound}) is None or {condition} else {other})"
        return f"({name} if {condition.replace(name, bound, 1)} else {other})"

    def _classes(self, type_: GraphQLObjectType) -> str:
        """Return the end of a condition: that a class is one of those whose instances are of a type."""
        name, classes = f"C_{type_.name}", frozenset(classes_of(type_))
        self._names[name] = next(iter(classes)) if len(classes) == 1 else classes
        return f"{'is' if len(classes) == 1 else 'in'} {name}"

    def _one(self, step: FieldPlan, type_: GraphQLObjectType, source: str, path: str) -> str:
        """Return the expression that renders a named object of a type; one that has only leaves needs no function."""
        node = self._node_of(step, type_)
        if all(each.kind is Kind.TYPENAME or (each.kind is Kind.PLAIN and each.is_leaf) for each in node.steps):
            return self._entries(node, source, path)
        if f"o{node.number}" not in self._names:
            self._names[f"o{node.number}"] = None
            self._object(node)
        return f"o{node.number}({source}, {path}, x)"

    def _completer(self, step: FieldPlan, depth: int) -> None:
        """Write ``c…``: a value that may be null catches what the non-nulls below it let through."""
        type_ = step.types[depth]
        body = self._body(step, depth, get_nullable_type(type_))
        name = f"c{step.number}_{depth}"
        if is_non_null_type(type_):
            self._lines += [f"def {name}(v, p, x):", *(f"    {line}" for line in body)]
            return
        self._lines += [
            f"def {name}(v, p, x):",
            "    if v is None: return None",
            "    try:",
            *(f"        {line}" for line in body),
            "    except NullPropagation as nulled:",
            "        return x.nulled(nulled, p)",
        ]

    def _body(self, step: FieldPlan, depth: int, inner: GraphQLNullableType) -> list[str]:
        other = f"return x.value(S{step.number}, {depth}, v, p)"
        if is_list_type(inner):
            name, item, index = f"l{step.number}_{depth}", self._name(), self._name()
            done = self._completed(step, depth + 1, item, f"(p, {index})")
            self._lines += [
                f"def {name}(values, p, x, start):",
                f"    return [{done} for {index}, {item} in enumerate(values, start)]",
            ]
            return [
                f"if type(v) is not list and type(v) is not tuple: {other}",
                f"if len(v) > LONG: return x.long({name}, v, p)",
                f"return {name}(v, p, x, 0)",
            ]
        if not is_object_type(inner):
            self._names[f"D{step.number}"] = {}
            return [
                f"f = D{step.number}.get(type(v))",
                "if f is not None: return f(v, p, x)",
                f"return x.abstract(S{step.number}, {depth}, v, p, D{step.number})",
            ]
        if is_open(inner):
            return [f"if v is None or isinstance(v, OPEN): {other}", f"return {self._one(step, inner, 'v', 'p')}"]
        if not classes_of(inner):
            return [other]
        return [f"if type(v) {self._classes(inner)}: return {self._one(step, inner, 'v', 'p')}", other]

    def _edges(self, step: FieldPlan, source: str, path: str) -> str:
        """Render edges straight from a connection's nodes: no edge is made."""
        node = self._node_of(step, step.object_type)
        item, index = self._name(), self._name()
        entries = ", ".join(f"{inner.name!r}: {self._of_edge(inner, item, index)}" for inner in node.steps)
        name = f"l{step.number}_0"
        self._lines += [
            f"def {name}(values, p, x, start, o):",
            f"    return [{{{entries}}} for {index}, {item} in enumerate(values, start)]",
            f"def c{step.number}_0(o, p, x):",
            "    v = o.nodes",
            f"    if len(v) > LONG: return x.long({name}, v, p, o)",
            f"    return {name}(v, p, x, 0, o)",
        ]
        return f"c{step.number}_0({source}, {path}, x)"

    def _of_edge(self, step: FieldPlan, item: str, index: str) -> str:
        if step.kind is Kind.TYPENAME:
            return repr(step.parent_type.name)
        if step.field_name == "cursor":
            return f"o.cursor({index})"
        return self._field(step, item, f"((p, {index}), {step.name!r})")

    def _page_info(self, step: FieldPlan, source: str, path: str) -> str:
        """Render page info straight from its connection."""
        node = self._node_of(step, step.object_type)
        entries = []
        for inner in node.steps:
            self._names[f"S{inner.number}"] = inner
            value = f"{source}.{inner.attribute.removeprefix('connection.')}"
            leaf = self._leaf(inner, 0, value, f"({path}, {inner.name!r})")
            entries.append(f"{inner.name!r}: {repr(inner.parent_type.name) if inner.kind is Kind.TYPENAME else leaf}")
        return f"{{{', '.join(entries)}}}"

    def _name(self) -> str:
        """Return a new name, since a comprehension's own may not be bound again in it."""
        self._bindings += 1
        return f"v{self._bindings}"

    def _bound(self, value: str) -> tuple[str, str]:
        """Return a name for a value, and the expression that gives the value and binds the name."""
        if value.isidentifier():
            return value, value
        name = self._name()
        return name, f"{name} := {value}"
