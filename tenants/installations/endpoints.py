"""How the endpoints of installed remote integrations stand, as those who look after the installations see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.parameters import Parameters
from wardship.tenants.remote_integrations.records import RemoteIntegrationState


class EndpointState(StrEnum):
    """How an endpoint stands, as who has installed the integration sees it."""

    READY = "ready"
    FAILING = "failing"
    GONE = "gone"
    SUSPENDED = "suspended"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How the endpoint of a remote integration stands, and since when."""

    state: EndpointState
    since: datetime


_S = RemoteIntegrationState
_STOPPED: Final = {
    _S.DISABLED: EndpointState.GONE,
    _S.SUSPENDED: EndpointState.SUSPENDED,
    _S.ENDED: EndpointState.ENDED,
}
_ENDPOINTS: Final = (
    "select i.id, e.state, e.state_since, p.failing_since from installation i"
    " join installation_place p on p.organisation_id = $1 and p.id = i.place_id"
    " cross join lateral remote_endpoint(i.integration_key) e where i.organisation_id = $1 and i.id = w.id"
)


async def endpoints_of_installations(access: Access, installation_ids: Collection[UUID]) -> dict[UUID, Endpoint]:
    """Return, by installation, how the endpoint stands; without those that are packages."""
    parameters = Parameters(access.organisation_id)
    sql = parameters.for_each(sorted(set(installation_ids)), _ENDPOINTS)
    rows = await access.transaction.fetch(sql, *parameters.values)
    return {row["id"]: _endpoint(row) for row in rows}


def _endpoint(row: Mapping[str, Any]) -> Endpoint:
    """Return how an endpoint stands for one installation: it may fail for one, and answer another."""
    if stopped := _STOPPED.get(_S(row["state"])):
        return Endpoint(stopped, row["state_since"])
    if row["failing_since"] is not None:
        return Endpoint(EndpointState.FAILING, row["failing_since"])
    return Endpoint(EndpointState.READY, row["state_since"])
