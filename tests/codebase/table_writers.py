"""Which function writes which table, derived from the sources: `python -m tests.codebase.table_writers` prints it.

A table's home is the folder whose ``noun.py`` declares it. What is found: SQL in strings, also when it is put
together from pieces; Piccolo's builder; and the functions that migrations define in the database, for those who call
them.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("app", "core", "graphql", "plugins", "tenants")
COMPUTED = "(computed)"
"""Stands for the table of a statement whose table is known when it runs only."""

EXCEPTIONS = {
    (COMPUTED, "tenants/erasure/plan"): "an erasure is generated from the registry of personal data (decision 0010)",
    (COMPUTED, "tenants/erasure/whole"): "and so is the end of a whole organisation (decision 0033)",
    (COMPUTED, "tenants/erasure/texts"): "likewise: the texts that the registry says to rewrite",
    (COMPUTED, "tenants/mergers/resealing"): "what the registry says is encrypted, for another organisation",
    (COMPUTED, "tenants/mergers/carrying"): "rows go over by one function of the owner (decision 0043)",
    **{
        (table, "tenants/mergers/carrying"): "what can't stand twice is brought into one by the same function"
        for table in (
            "account_claim",
            "account_notice",
            "account_recovery",
            "consent",
            "consent_withdrawal",
            "domain",
            "grace_period",
            "group_membership",
            "invitation",
            "member",
            "notice",
            "objection",
            "outgoing_mail",
            "refused_mail",
            "restriction",
            "role_assignment",
            "tombstone",
            "user_group",
        )
    },
}
"""Who may write a table of another folder: the table and the module or function, with the reason."""

UNDECLARED = {"migration": ("core/database", "")}
"""Tables that no ``noun.py`` declares, because no query builder meets them."""

_TARGET = r"\"?(?:public\.)?(?P<table>\{\w*\}|%\w*|[a-z_]+|$)\"?"
_WRITE = re.compile(
    rf"\b(?:(?P<insert>insert\s+into|copy|merge\s+into)|(?P<delete>delete\s+from|truncate)|(?P<update>update))"
    rf"(?:\s+|$)(?:only\s+|table\s+)?{_TARGET}",
    re.IGNORECASE,
)
_SET = re.compile(r"\s+(?:as\s+)?(?:(?!set\b)[a-z_]+\s+)?set\b", re.IGNORECASE)
_FROM = re.compile(r"\s*(?:\([^)]*\)\s*)?from\b", re.IGNORECASE)
_FUNCTION = re.compile(
    r"create\s+(?:or\s+replace\s+)?(?:function|procedure)\s+(?P<name>\w+)\s*\(.*?\$\$(?P<body>.*?)\$\$",
    re.IGNORECASE | re.DOTALL,
)
_BUILDER = {"insert": "insert", "update": "update", "delete": "delete", "save": "insert", "remove": "delete"}


_parsed = cache(ast.parse)
_OF_A_ROW = {"save", "remove"}


class Write(NamedTuple):
    """One function that writes one table; ``how`` is the statement, or the database's function that runs it."""

    table: str
    writer: str
    how: str


def writes(root: Path = ROOT) -> dict[str, set[Write]]:
    """Return every table's writers."""
    sources = {path: _parsed(path.read_text("utf-8")) for path in modules_in(root)}
    functions = _database_functions([text for path, text in _texts(sources) if "migrations" in path.parts])
    homes = homes_of(root)
    found: dict[str, set[Write]] = defaultdict(set)
    for path, tree in sources.items():
        if "migrations" in path.parent.parts:
            continue
        module = path.relative_to(root).with_suffix("").as_posix().removesuffix("/__init__")
        for writer, table, how in _of_module(tree, module, functions, homes):
            found[table].add(Write(table, writer, how))
    return found


def homes_of(root: Path = ROOT) -> dict[str, tuple[str, str]]:
    """Return the folder and the class of every declared table."""
    homes = dict(UNDECLARED)
    for path in modules_in(root):
        if path.name == "noun.py":
            for node in ast.walk(_parsed(path.read_text("utf-8"))):
                if isinstance(node, ast.ClassDef):
                    for word in node.keywords:
                        if word.arg == "tablename" and isinstance(word.value, ast.Constant):
                            homes[str(word.value.value)] = (path.parent.relative_to(root).as_posix(), node.name)
    return homes


def foreign(root: Path = ROOT) -> list[str]:
    """Return the writers outside the folder of their table that no exception names."""
    homes = homes_of(root)
    return sorted(
        f"{write.writer} writes {write.table}, whose home is {homes.get(write.table, ('unknown', ''))[0]}"
        for found in writes(root).values()
        for write in found
        if not _is_at_home(write, homes) and _reason(write) is None
    )


def snapshot(root: Path = ROOT) -> str:
    """Return the list that is reviewed: each table, its home, and who writes it; ``!`` marks an exception."""
    homes, found = homes_of(root), writes(root)
    lines = [
        "# Who writes which table. Generated by `make schema` from the sources; a test compares it. A table is written",
        "# in its own folder only: ! marks an exception, with its reason in tests/codebase/table_writers.py.",
    ]
    for table in sorted({*homes, *found}):
        lines += ["", f"{table} · {homes.get(table, ('known when it runs', ''))[0]}"]
        lines += sorted(
            f"  {' ' if _is_at_home(write, homes) else '!'} {write.writer}: {write.how}"
            for write in found.get(table, ())
        )
    return "\n".join([*lines, ""])


def unused_exceptions(root: Path = ROOT) -> list[str]:
    """Return the exceptions that no statement needs."""
    every = [write for found in writes(root).values() for write in found]
    homes = homes_of(root)
    used = {key for write in every if not _is_at_home(write, homes) for key in _keys(write)}
    return [f"{table}: {writer}" for table, writer in EXCEPTIONS if (table, writer) not in used]


def _is_at_home(write: Write, homes: dict[str, tuple[str, str]]) -> bool:
    home = homes.get(write.table)
    return home is not None and f"{write.writer}/".startswith(f"{home[0]}/")


def _keys(write: Write) -> tuple[tuple[str, str], tuple[str, str]]:
    return (write.table, write.writer), (write.table, write.writer.partition(".")[0])


def _reason(write: Write) -> str | None:
    return next((EXCEPTIONS[key] for key in _keys(write) if key in EXCEPTIONS), None)


def modules_in(root: Path) -> Iterator[Path]:
    """Yield the modules of the product."""
    for name in FOLDERS:
        for folder, inner, files in os.walk(root / name):
            inner[:] = sorted(set(inner) - {"node_modules", "__pycache__"})
            yield from (Path(folder, file) for file in sorted(files) if file.endswith(".py"))


def _of_module(
    tree: ast.Module, module: str, functions: dict[str, set[tuple[str, str]]], homes: dict[str, tuple[str, str]]
) -> Iterator[tuple[str, str, str]]:
    """Yield the writer, the table and the way of each write of a module."""
    classes = {class_name: table for table, (_, class_name) in homes.items()}
    tables = {node.id: classes[node.id] for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in classes}
    for name, node in _expressions(tree):
        writer = f"{module}.{name}"
        if isinstance(node, ast.Call):
            yield from ((writer, table, how) for table, how in _builder(node, tables))
            continue
        text = _text(node)
        yield from ((writer, table, how) for table, how in _statements(text))
        for function, written in functions.items():
            if re.search(rf"\b{function}\s*\(", text):
                yield from ((writer, table, f"{how} by {function}()") for table, how in written)


def _expressions(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield each whole string and each call that may be the builder's, with the function or name it stands in."""
    for top in tree.body:
        for name, node in _named(top):
            yield from ((name, expression) for expression in _outermost(node))


def _named(top: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    match top:
        case ast.ClassDef():
            for inner in top.body:
                if not (isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Constant)):
                    yield from ((f"{top.name}.{name}", node) for name, node in _named(inner))
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield top.name, top
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            yield name, top
        case ast.Expr(value=ast.Constant()):
            return  # a docstring
        case _:
            yield "module", top


def _outermost(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the strings, joined ones whole, and the calls; a docstring is neither."""
    body = getattr(node, "body", None)
    docstring = body[0] if isinstance(body, list) and body and isinstance(body[0], ast.Expr) else None
    for child in ast.iter_child_nodes(node):
        if child is docstring and isinstance(child.value, ast.Constant):
            continue
        if isinstance(child, ast.JoinedStr | ast.BinOp) or (
            isinstance(child, ast.Constant) and isinstance(child.value, str)
        ):
            yield child
            # What is put into a string may be a string, or a call, of its own.
            for inner in ast.walk(child):
                if isinstance(inner, ast.FormattedValue):
                    yield from _outermost(inner)
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from _outermost(child)


def _text(node: ast.AST) -> str:
    """Return a string's text; what is put in when it runs stands as ``{name}``."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(map(_text, values))
        case ast.FormattedValue(value=ast.Name(id=name)) | ast.Name(id=name):
            return f"{{{name}}}"
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right):
            return _text(left) + _text(right)
        case _:
            return "{}"


def _statements(text: str) -> Iterator[tuple[str, str]]:
    """Yield the table and the kind of each write in a text of SQL."""
    text = re.sub(r"--[^\n]*", "", text)
    for found in _WRITE.finditer(text):
        kind = next(name for name in ("insert", "delete", "update") if found[name])
        rest = text[found.end() :]
        if kind == "update" and not _SET.match(rest):
            continue  # a lock, a trigger's event, `on conflict do update set`
        if found["insert"] and found["insert"].lower() == "copy" and not _FROM.match(rest):
            continue
        table = found["table"].lower()
        yield (COMPUTED if not table or table[0] in "{%" or table == "format" else table), kind


def _builder(call: ast.Call, tables: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the write of a call of Piccolo's builder, by the classes that a module names, or of asyncpg's COPY."""
    if not isinstance(call.func, ast.Attribute):
        return
    receiver = call.func.value.func if isinstance(call.func.value, ast.Call) else call.func.value
    name = receiver.id if isinstance(receiver, ast.Name) else ""
    if call.func.attr in _BUILDER and name in tables:
        yield tables[name], _BUILDER[call.func.attr]
    elif call.func.attr in _OF_A_ROW and tables:
        yield COMPUTED, _BUILDER[call.func.attr]
    elif call.func.attr in {"copy_records_to_table", "copy_to_table"}:
        table = call.args[0] if call.args else None
        yield (str(table.value) if isinstance(table, ast.Constant) else COMPUTED), "insert"


def _texts(sources: dict[Path, ast.Module]) -> Iterator[tuple[Path, str]]:
    for path, tree in sources.items():
        for _, node in _expressions(tree):
            if not isinstance(node, ast.Call):
                yield path, _text(node)


def _database_functions(texts: list[str]) -> dict[str, set[tuple[str, str]]]:
    """Return what each function of the database writes, also by calling another one."""
    bodies = {found["name"].lower(): found["body"] for text in texts for found in _FUNCTION.finditer(text)}
    written = {name: set(_statements(body)) for name, body in bodies.items()}
    called = {
        name: set(re.findall(r"\w+(?=\s*\()", body.lower())) & (set(bodies) - {name}) for name, body in bodies.items()
    }
    for _ in bodies:
        for name, others in called.items():
            written[name].update(*(written[other] for other in others))
    return {name: found for name, found in written.items() if found}


if __name__ == "__main__":
    sys.stdout.write(snapshot())
