"""Which functions lead to others, derived from the sources: by the names that they call, in their module or imported.

A function that is only handed on (a listener, a sweep, a dependency) counts as called by who hands it on.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path

from tests.codebase.table_writers import ROOT, modules_in

PACKAGE = "wardship."


def ways_to(targets: Collection[str], root: Path = ROOT) -> set[str]:
    """Return where the ways to these functions begin: what leads to them and is named by nothing that does.

    Args:
        targets: as ``tenants/members/roles.assign_role``; a method has its class before it.
        root: of the sources.
    """
    named = _names(root)
    callers: dict[str, set[str]] = defaultdict(set)
    for caller, called in named.items():
        for name in called:
            callers[name].add(caller)
    found: dict[str, set[str]] = {}
    waiting = list(targets)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = named.get(name, set())
            waiting += callers[name]
    named = {inner for outer, called in found.items() for inner in called if inner != outer}
    return set(found) - named


def _names(root: Path) -> dict[str, set[str]]:
    modules = {
        path.relative_to(root).with_suffix("").as_posix().removesuffix("/__init__"): ast.parse(path.read_text("utf-8"))
        for path in modules_in(root)
        if "migrations" not in path.parts
    }
    return {
        f"{module}.{name}": set(_resolved(node, module, name, _imported(tree)))
        for module, tree in modules.items()
        for name, node in _functions(tree)
    }


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Yield each function, method and module-wide name, with what it is made of."""
    for top in tree.body:
        match top:
            case ast.ClassDef(name=outer, body=body):
                for inner in body:
                    if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                        yield f"{outer}.{inner.name}", inner
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, top
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name, top


def _imported(tree: ast.Module) -> dict[str, str]:
    """Return what each imported name stands for, as far as it is ours."""
    return {
        alias.asname or alias.name: f"{node.module.removeprefix(PACKAGE).replace('.', '/')}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(PACKAGE)
        for alias in node.names
    }


def _resolved(node: ast.AST, module: str, own: str, imported: dict[str, str]) -> Iterator[str]:
    outer = own.rpartition(".")[0]
    for inner in ast.walk(node):
        match inner:
            case ast.Name(id=name):
                yield imported.get(name, f"{module}.{name}")
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if outer:
                yield f"{module}.{outer}.{name}"
            case ast.Attribute(value=ast.Name(id=value), attr=name) if value in imported:
                yield f"{imported[value].replace('.', '/')}.{name}"
