"""The console has words for whatever the audit log may hold: codes are found where they are recorded."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from wardship.tenants.account_claims import records as account_claims
from wardship.tenants.approvals import records as approvals
from wardship.tenants.domains import records as domains
from wardship.tenants.installations import states as installations
from wardship.tenants.mergers import records as mergers
from wardship.tenants.obligations import states as obligations
from wardship.tenants.remote_integrations import records as remote_integrations
from wardship.tenants.single_sign_on import records as providers
from wardship.tenants.vendor_clients import records as vendor_clients

ROOT = Path(__file__).resolve().parents[2]
WORDS = ROOT / "graphql" / "console" / "src" / "pages" / "audit" / "words.ts"
CODE = re.compile(r"[a-z_]+\.[a-z_]+")
TRANSITIONS: dict[str, Mapping[StrEnum, Collection[StrEnum]]] = {
    "account_claim": account_claims.TRANSITIONS,
    "deletion": approvals.TRANSITIONS,
    "domain": domains.TRANSITIONS,
    "grouping": account_claims.GROUPING_TRANSITIONS,
    "identity_provider": providers.TRANSITIONS,
    "installation": installations.TRANSITIONS,
    "merger": mergers.TRANSITIONS,
    "obligation": obligations.TRANSITIONS,
    "remote_integration": remote_integrations.TRANSITIONS,
    "vendor_client": vendor_clients.TRANSITIONS,
}
"""What leads to the state that a code is named after."""
UNTOLD = {"obligation.leased", "obligation.pending", "obligation.waiting"}
"""How a worker goes about it: the log keeps what came of it."""


def literals(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and CODE.fullmatch(each.value):
            yield each.value


def recorded() -> tuple[set[str], set[str]]:
    """The codes that stand in the sources, and what stands before the point where a state follows."""
    codes, prefixes = set(), set()
    for path in (file for folder in ("core", "tenants", "app") for file in (ROOT / folder).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        for function in functions:
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call) and node.args):
                name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
                if name not in {"audit", "AuditEvent"}:
                    continue
                # A code that was put into a variable stands in the same function.
                place = function if isinstance(call.args[0], ast.Name) else call.args[0]
                codes |= set(literals(place))
                parts = [each for each in ast.walk(place) if isinstance(each, ast.JoinedStr)]
                starts = [each.values[0].value for each in parts if isinstance(each.values[0], ast.Constant)]
                prefixes |= {start[:-1] for start in starts if re.fullmatch(r"[a-z_]+\.", start)}
    return codes, prefixes


def test_every_act_in_the_audit_log_has_words_in_the_console():
    codes, prefixes = recorded()
    assert len(codes) > 100
    assert prefixes == set(TRANSITIONS)
    reached = {
        f"{prefix}.{state.value}"
        for prefix, ways in TRANSITIONS.items()
        for states in ways.values()
        for state in states
    }
    assert reached > UNTOLD
    acts = WORDS.read_text("utf-8").partition("ACTIONS")[2]
    named = set(re.findall(r'^  "([a-z_.]+)":', acts, re.MULTILINE))
    assert (codes | reached) - UNTOLD - named == set()
