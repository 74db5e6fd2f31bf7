"""A cache from documents to plans, bounded by count and by memory, so that a flood of documents can't grow it."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, TypeAlias

from wardship.graphql.engine.limits import Limits
from wardship.graphql.engine.metrics import Metrics
from wardship.graphql.engine.plans import Plan, PlanCompiler, RefusedDocumentError

Key: TypeAlias = tuple[str, str | None]


class PlanCache:
    """Plans by document and operation name, the least recently used going first.

    The errors of invalid documents are kept apart, so that these never push a plan out.
    """

    def __init__(self, compiler: PlanCompiler, limits: Limits, metrics: Metrics) -> None:
        self._compiler = compiler
        self._limits = limits
        self._metrics = metrics
        self._plans: OrderedDict[Key, Plan] = OrderedDict()
        self._refusals: OrderedDict[Key, list[dict[str, Any]]] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._plans)

    def plan(self, document: str, operation_name: str | None) -> Plan:
        """Return the plan of an operation, compiled now if it wasn't before.

        Raises:
            RefusedDocumentError: the document will never be executed.
        """
        key = (document, operation_name)
        plan = self._plans.get(key)
        if plan is not None:
            self._metrics.plan_hits += 1
            self._plans.move_to_end(key)
            return plan
        refusal = self._refusals.get(key)
        if refusal is not None:
            self._metrics.plan_hits += 1
            self._refusals.move_to_end(key)
            raise RefusedDocumentError(refusal)
        self._metrics.plan_misses += 1
        return self._compiled(key)

    def _compiled(self, key: Key) -> Plan:
        try:
            plan = self._compiler.compile(*key)
        except RefusedDocumentError as error:
            self._remember(key, error)
            raise
        self._plans[key] = plan
        self.bytes += plan.weight
        while len(self._plans) > self._limits.plans or self.bytes > self._limits.plan_bytes:
            self.bytes -= self._plans.popitem(last=False)[1].weight
        return plan

    def _remember(self, key: Key, error: RefusedDocumentError) -> None:
        """Keep a refusal, unless the document is so long that keeping it is what an attacker wants."""
        if len(key[0]) > self._limits.document_bytes:
            return
        self._refusals[key] = error.errors
        while len(self._refusals) > self._limits.refusals:
            self._refusals.popitem(last=False)
