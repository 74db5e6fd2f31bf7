"""A cache from documents to plans, bounded by count and by memory, which no flood of documents can empty.

A plan that was asked for once is on trial; asked for again, it is kept. Those on trial go first, so that documents that
are sent once push out one another and not what others use.
"""

from __future__ import annotations

import gc
from collections import OrderedDict
from typing import Any, Final, TypeAlias

from wardship.graphql.engine.limits import Limits
from wardship.graphql.engine.metrics import Metrics
from wardship.graphql.engine.planning.plans import Plan, PlanCompiler, RefusedDocumentError

Key: TypeAlias = tuple[str, str | None]

_YOUNG: Final = 1
KEPT_SHARE = 0.8
"""The part of the plans that may be kept; when more are, the least recently used is on trial again."""


class PlanCache:
    """Plans by document and operation name.

    The errors of invalid documents are apart, so that these never push a plan out.

    Attributes:
        bytes: estimated memory of all plans.
    """

    def __init__(self, compiler: PlanCompiler, limits: Limits, metrics: Metrics) -> None:
        self._compiler = compiler
        self._limits = limits
        self._metrics = metrics
        self._kept: OrderedDict[Key, Plan] = OrderedDict()
        self._tried: OrderedDict[Key, Plan] = OrderedDict()
        self._refusals: OrderedDict[Key, list[dict[str, Any]]] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept) + len(self._tried)

    @property
    def is_introspectable(self) -> bool:
        """Whether clients may know the schema."""
        return self._compiler.is_introspectable

    def known(self, document: str, operation_name: str | None) -> Plan | None:
        """Return the plan of an operation, if it was compiled before; None when it has to be.

        Raises:
            RefusedDocumentError: the document is known never to be executed.
        """
        key = (document, operation_name)
        plan = self._kept.get(key)
        if plan is not None:
            self._kept.move_to_end(key)
        elif (plan := self._tried.pop(key, None)) is not None:
            self._keep(key, plan)
        if plan is not None:
            self._metrics.plan_hits += 1
            return plan
        refusal = self._refusals.get(key)
        if refusal is not None:
            self._metrics.plan_hits += 1
            self._refusals.move_to_end(key)
            raise RefusedDocumentError(refusal)
        return None

    def compiled(self, document: str, operation_name: str | None) -> Plan:
        """Compile an operation that isn't known, and return its plan.

        Raises:
            RefusedDocumentError: the document will never be executed.
        """
        key = (document, operation_name)
        self._metrics.plan_misses += 1
        try:
            plan = self._compiler.compile(*key)
        except RefusedDocumentError as error:
            self._remember(key, error)
            raise
        finally:
            # Validation leaves circles that hold the document; old ones wait until the whole heap is collected.
            gc.collect(_YOUNG)
        self._tried[key] = plan
        self.bytes += plan.weight
        while len(self) > self._limits.plans or self.bytes > self._limits.plan_bytes:
            _, gone = (self._tried or self._kept).popitem(last=False)
            self.bytes -= gone.weight
        return plan

    def plan(self, document: str, operation_name: str | None) -> Plan:
        """Return the plan of an operation, compiled now if it wasn't before.

        Raises:
            RefusedDocumentError: the document will never be executed.
        """
        return self.known(document, operation_name) or self.compiled(document, operation_name)

    def _keep(self, key: Key, plan: Plan) -> None:
        self._kept[key] = plan
        if len(self._kept) > max(1, self._limits.plans * KEPT_SHARE):
            again, least = self._kept.popitem(last=False)
            self._tried[again] = least

    def _remember(self, key: Key, error: RefusedDocumentError) -> None:
        """Keep a refusal, unless the document is so long that keeping it is what an attacker wants."""
        if len(key[0]) > self._limits.document_bytes:
            return
        self._refusals[key] = error.errors
        while len(self._refusals) > self._limits.refusals:
            self._refusals.popitem(last=False)
