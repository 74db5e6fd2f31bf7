"""Routes for operators: is the deployment alive, is it ready, what does it count."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Final

from litestar import Router, get
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from wardship.core.database.engine import DATABASE_FAULTS
from wardship.core.database.scope import Scope
from wardship.core.errors import WardshipError
from wardship.core.http.problems import refusals
from wardship.core.mail.delivery import mail_counts
from wardship.graphql.engine import GraphQLHandler
from wardship.tenants.access import Services

_PATIENCE_S: Final = 5.0
_COUNTERS: Final = {
    "requests": "GraphQL operations asked for.",
    "executed": "GraphQL operations executed.",
    "plan_hits": "Operations whose plan was known.",
    "plan_misses": "Operations that had to be parsed.",
    "batch_calls": "Calls of batch resolvers.",
    "unread": "Answers given up because the client read them too slowly.",
    "masked": "Unexpected errors hidden from clients.",
    "events": "Responses to events of subscriptions.",
}
_GAUGES: Final = {"sockets": "Open WebSockets.", "subscriptions": "Subscriptions that run."}


class NotReadyError(WardshipError):
    """The process can't serve now: the database does not answer."""

    code = "NOT_READY"
    status = HTTPStatus.SERVICE_UNAVAILABLE


class DeploymentCollector(Collector):
    """Reads the counters that the API keeps as plain attributes, and the pool's size."""

    def __init__(self, services: Services, handler: GraphQLHandler) -> None:
        self._services = services
        self._handler = handler

    def collect(self) -> list[Metric]:
        """Return the present values."""
        metrics = self._handler.metrics
        return [
            *(CounterMetricFamily(_name(name), text, value=getattr(metrics, name)) for name, text in _COUNTERS.items()),
            _labelled("wardship_graphql_refused", "GraphQL requests refused.", "code", metrics.refused),
            *(GaugeMetricFamily(_name(name), text, value=getattr(metrics, name)) for name, text in _GAUGES.items()),
            _labelled(
                "wardship_graphql_dropped",
                "Subscriptions and sockets that the server ended.",
                "reason",
                metrics.dropped,
            ),
            _labelled(
                "wardship_graphql_fallbacks",
                "Parts of answers that were left to graphql-core.",
                "reason",
                metrics.fallbacks,
            ),
            _labelled("wardship_mail", "Attempts to send mail, by what became of them.", "result", mail_counts),
            *(GaugeMetricFamily(name, text, value=value) for name, text, value in self._present()),
        ]

    def _present(self) -> Iterator[tuple[str, str, float]]:
        handler, database = self._handler, self._services.database
        pool = database.engine.pool
        yield "wardship_graphql_plans", "Plans in the cache.", len(handler.plans)
        yield "wardship_graphql_plan_bytes", "Their estimated memory.", handler.plans.bytes
        waiting = handler.compile_limiter.waiting
        yield "wardship_graphql_compile_waiting", "Requests whose new document waits for being compiled.", waiting
        yield "wardship_database_connections", "Open database connections.", pool.get_size() if pool else 0
        yield "wardship_database_connections_idle", "Of these, not in use.", pool.get_idle_size() if pool else 0
        is_listening = database.notifications.is_listening
        yield "wardship_database_listening", "Whether the connection that hears of changes is there.", is_listening


def _name(name: str) -> str:
    return f"wardship_graphql_{name}"


def _labelled(name: str, text: str, label: str, counts: Mapping[str, int]) -> CounterMetricFamily:
    family = CounterMetricFamily(name, text, labels=[label])
    for value, count in counts.items():
        family.add_metric([value], count)
    return family


def operations_router(services: Services, handler: GraphQLHandler) -> Router:
    """Return `/health/live`, `/health/ready` and `/metrics`."""
    registry = CollectorRegistry()
    registry.register(DeploymentCollector(services, handler))

    @get("/health/live", summary="Is the process alive?", responses=refusals())
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @get("/health/ready", summary="Can it serve: does the database answer?", responses=refusals(NotReadyError))
    async def ready() -> dict[str, str]:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await _ask_database(services)
        except DATABASE_FAULTS as error:
            raise NotReadyError(f"The database does not answer ({type(error).__name__}).") from error
        return {"status": "ready"}

    @get(
        "/metrics",
        summary="Counters in the Prometheus text format.",
        media_type=CONTENT_TYPE_LATEST,
        responses=refusals(),
    )
    async def metrics() -> bytes:
        return generate_latest(registry)

    return Router("/", route_handlers=[live, ready, metrics])


async def _ask_database(services: Services) -> None:
    async with services.database.transaction(Scope(read_only=True)) as transaction:
        await transaction.fetchval("select 1")
