"""Python code, generated for one program, that makes the answer of values which are all fetched.

For each selection set on an object type there is a function ``o<node>(o, p, x)``, from an object and its path to the
answer's dict; for each composite field a function ``c<step>_<depth>(v, p, x)`` that completes its value; lists have the
part of them that starts at an index made by ``l…``. ``x`` is the execution: it does by graphql-core whatever the code
meets and wasn't written for. A path is ``(path above, key)``, None at the root, and read only when something is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLNullableType,
    GraphQLObjectType,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.pyutils import Undefined

from wardship.graphql.engine.bubbles import Bubble
from wardship.graphql.engine.classes import classes_of, is_connection, is_edge, is_open, is_page_info
from wardship.graphql.engine.leaves import NAMES, leaf_of
from wardship.graphql.engine.steps import Kind, Node, Step

if TYPE_CHECKING:
    from wardship.graphql.engine.programs import Program

LONG = 512
"""Lists longer than this are written as JSON part by part, so that no tree of a whole long answer is ever made."""

Render = Callable[[Any, Any, Any], Any]


class CodeWriter:
    """Writes and compiles the functions of a program, those of a node when the node is first needed."""

    def __init__(self, program: Program) -> None:
        self.length = 0
        self._program = program
        self._names: dict[str, Any] = {"Bubble": Bubble, "LONG": LONG, "OPEN": (Exception, type(Undefined)), **NAMES}
        self._lines: list[str] = []

    def write(self, node: Node) -> None:
        """Make the functions of a node and of everything below it."""
        self._lines = []
        if node is self._program.root:
            for step in node.steps:
                self._root(step)
        else:
            self._object(node)
        text = "\n".join(self._lines)
        self.length += len(text)
        exec(compile(text, f"<GraphQL program, node {node.number}>", "exec"), self._names)  # noqa: S102 (made of the schema's names and numbers alone)

    def root(self, step: Step) -> Callable[[Any], Any]:
        """Return the function ``(x) -> value`` that completes a root field."""
        return self._names[f"r{step.number}"]  # type: ignore[no-any-return]  # made above

    def object(self, node: Node) -> Render:
        """Return the function ``(o, p, x) -> dict`` of a node."""
        return self._names[f"o{node.number}"]  # type: ignore[no-any-return]  # made above

    def _root(self, step: Step) -> None:
        value = repr(step.parent_type.name) if step.kind is Kind.TYPENAME else f"x.memo[{step.number}][None]"
        done = value if step.kind is Kind.TYPENAME else self._field(step, value, "p")
        self._lines += [f"def r{step.number}(x):", f"    p = (None, {step.name!r})", f"    return {done}"]

    def _object(self, node: Node) -> None:
        """Write a node's function; fields come in the order of the answer, as graphql-core would run them."""
        entries = ", ".join(f"{step.name!r}: {self._entry(step)}" for step in node.steps)
        self._names[f"N{node.number}"] = node
        self._lines += [
            f"def o{node.number}(o, p, x):",
            "    try:",
            "        m = x.memo",
            f"        return {{{entries}}}",
            "    except Exception as error:",
            f"        return x.object(N{node.number}, o, p, error)",
        ]

    def _entry(self, step: Step) -> str:
        """Return the expression for a field of the object ``o`` at ``p``."""
        path = f"(p, {step.name!r})"
        if step.kind is Kind.TYPENAME:
            return repr(step.parent_type.name)
        if step.kind is Kind.PLAIN and is_connection(step.parent_type) and is_edge(step.named):
            return self._edges(step, path)
        if step.kind is Kind.PLAIN and is_connection(step.parent_type) and is_page_info(step.named):
            return self._page_info(step, path)
        return self._field(step, self._value(step), path)

    def _value(self, step: Step) -> str:
        """Return the expression for a field's value before it is completed."""
        if step.kind is Kind.BATCH:
            return f"m[{step.number}][id(o)]"
        if step.kind is Kind.RESOLVED:
            return f"m[{step.number}][p]"
        if step.through is None:
            return step.expression
        self._names[f"t{step.number}"] = step.through
        return f"(v if (v := {step.expression}) is None else t{step.number}(v))"

    def _field(self, step: Step, value: str, path: str) -> str:
        """Return the expression that completes a field's value."""
        self._names[f"S{step.number}"] = step
        if step.is_introspection or step.is_faulty:
            return f"x.value(S{step.number}, 0, {value}, {path})"
        return self._completed(step, 0, value, path)

    def _completed(self, step: Step, depth: int, value: str, path: str) -> str:
        """Return the expression that completes the value of a field, or an item of a list in it."""
        type_ = step.types[depth]
        inner = get_nullable_type(type_)
        if is_leaf_type(inner):
            return self._leaf(step, depth, value, path)
        if is_object_type(inner) and is_non_null_type(type_) and classes_of(inner):
            other = f"x.value(S{step.number}, {depth}, v, {path})"
            return f"({self._one(step, inner, path)} if type({_bound(value)}) in {self._classes(inner)} else {other})"
        self._completer(step, depth)
        return f"c{step.number}_{depth}({value}, {path}, x)"

    def _leaf(self, step: Step, depth: int, value: str, path: str) -> str:
        type_ = step.types[depth]
        inner = get_nullable_type(type_)
        leaf = leaf_of(inner)  # type: ignore[arg-type]  # a leaf, as the caller asked
        other = f"x.value(S{step.number}, {depth}, v, {path})"
        null = not is_non_null_type(type_)
        bound = _bound(value)
        if leaf.names is not None:
            self._names[f"E{step.number}"] = leaf.names
            found = f"e if (e := E{step.number}.get({'v' if null else bound})) else {other}"
            return f"(None if ({bound}) is None else {found})" if null else f"({found})"
        if leaf.condition is None:
            return f"x.scalar(S{step.number}, {depth}, {value}, {path})"
        if null:
            return f"(v if ({bound}) is None or {leaf.condition} else {other})"
        return f"(v if {leaf.condition.replace('(v)', f'({bound})', 1)} else {other})"

    def _classes(self, type_: GraphQLObjectType) -> str:
        name = f"C_{type_.name}"
        self._names[name] = frozenset(classes_of(type_))
        return name

    def _one(self, step: Step, type_: GraphQLObjectType, path: str) -> str:
        """Return the call that renders ``v`` as an object of a type."""
        node = self._program.node(step, type_)
        if f"o{node.number}" not in self._names:
            self._names[f"o{node.number}"] = None
            self._object(node)
        return f"o{node.number}(v, {path}, x)"

    def _completer(self, step: Step, depth: int) -> None:
        """Write ``c…``: a value that may be null catches what the non-nulls below it let through."""
        type_ = step.types[depth]
        inner = get_nullable_type(type_)
        body = self._body(step, depth, inner)
        name = f"c{step.number}_{depth}"
        if is_non_null_type(type_):
            self._lines += [f"def {name}(v, p, x):", *(f"    {line}" for line in body)]
            return
        self._lines += [
            f"def {name}(v, p, x):",
            "    if v is None: return None",
            "    try:",
            *(f"        {line}" for line in body),
            "    except Bubble as bubble:",
            "        return x.nulled(bubble, p)",
        ]

    def _body(self, step: Step, depth: int, inner: GraphQLNullableType) -> list[str]:
        other = f"return x.value(S{step.number}, {depth}, v, p)"
        if is_list_type(inner):
            name = f"l{step.number}_{depth}"
            item = self._completed(step, depth + 1, "v", "(p, i)")
            self._lines += [
                f"def {name}(values, p, x, start):",
                f"    return [{item} for i, v in enumerate(values, start)]",
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
            return [f"if v is None or isinstance(v, OPEN): {other}", f"return {self._one(step, inner, 'p')}"]
        classes = classes_of(inner)
        if not classes:
            return [other]
        return [f"if type(v) in {self._classes(inner)}: return {self._one(step, inner, 'p')}", other]

    def _edges(self, step: Step, path: str) -> str:
        """Render edges straight from a connection's nodes: no edge is made."""
        node = self._program.node(step, step.named)  # type: ignore[arg-type]  # an object type, as the caller asked
        entries = ", ".join(f"{inner.name!r}: {self._of_edge(inner)}" for inner in node.steps)
        name = f"l{step.number}_0"
        self._lines += [
            f"def {name}(values, p, x, start, o):",
            f"    return [{{{entries}}} for i, v in enumerate(values, start)]",
            f"def c{step.number}_0(o, p, x):",
            "    v = o.nodes",
            f"    if len(v) > LONG: return x.long({name}, v, p, o)",
            f"    return {name}(v, p, x, 0, o)",
        ]
        return f"c{step.number}_0(o, {path}, x)"

    def _page_info(self, step: Step, path: str) -> str:
        """Render page info straight from its connection."""
        node = self._program.node(step, step.named)  # type: ignore[arg-type]  # an object type, as the caller asked
        entries = []
        for inner in node.steps:
            self._names[f"S{inner.number}"] = inner
            value = inner.expression.replace("o.connection.", "o.")
            place = f"({path}, {inner.name!r})"
            is_name = inner.kind is Kind.TYPENAME
            entries.append(
                f"{inner.name!r}: " + (repr(inner.parent_type.name) if is_name else self._leaf(inner, 0, value, place))
            )
        return "{" + ", ".join(entries) + "}"

    def _of_edge(self, step: Step) -> str:
        if step.kind is Kind.TYPENAME:
            return repr(step.parent_type.name)
        if step.field_name == "cursor":
            return "o.cursor(i)"
        self._names[f"S{step.number}"] = step
        return self._completed(step, 0, "v", f"((p, i), {step.name!r})")


def _bound(value: str) -> str:
    """Return an expression that gives the value and leaves it in ``v``."""
    return value if value == "v" else f"v := {value}"
