"""The delivery log as the API shows it: to those who see an installation, and to vendors without any person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Final
from uuid import UUID

import strawberry

from wardship.graphql.api.command import command, object_payload
from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import id_argument
from wardship.graphql.api.node import global_id_field
from wardship.graphql.api.paging import connection, connections, page_request
from wardship.graphql.api.relations import extends, reference
from wardship.graphql.api.types import input_type, object_type
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field, root_field
from wardship.graphql.installations.model import Installation
from wardship.graphql.members.model import related_members
from wardship.graphql.obligations.model import Obligation
from wardship.plugins.api import Verb
from wardship.tenants.access import Access
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.obligations.attempts import Attempt
from wardship.tenants.obligations.deliveries import DeliveryRecord, deliveries_by_installation, list_vendor_deliveries
from wardship.tenants.obligations.deliveries import VendorDelivery as VendorRecord
from wardship.tenants.obligations.read import ObligationRecord
from wardship.tenants.obligations.retrying import retry_delivery
from wardship.tenants.obligations.states import ObligationState

_FEW: Final = 2
"""How many attempts there are in most cases; at most 20 are kept."""
_PLACE: Final = attrgetter("tried_at", "id")
"""Where a delivery stands in the log."""


@object_type(Attempt)
class DeliveryAttempt:
    """One attempt to do what is owed, in codes and times."""

    number: int = field("Counted from 1.")
    at: datetime = field("When it ended; of one whose worker was lost (`worker_lost`), when another took it over.")
    status: str = field("How it ended, in the contract's word.")
    code: str = field("Why, as a stable word.")
    http_status: int | None = field("The status of the vendor's last answer; null when none came.", source="http")
    next_at: datetime | None = field("When it was to be tried again; null when not.")


@object_type()
class TriedObligation:
    """What both logs tell of one obligation that was tried: codes and times. Nothing here is of a person."""

    verb: Verb = field("What the integration is asked to do.")
    state: ObligationState = field("Where it stands.")
    attempt: int = field("How often it was tried.")
    failures: int = field("How often that failed.")
    submitted_at: datetime = field("When it was made.")
    due_at: datetime = field("When it has to have ended.")
    next_at: datetime = field("When it is tried next, while it is tried; later where the vendor takes no more.")
    tried_at: datetime = field("When the last attempt ended.")
    ended_at: datetime | None = field("When it ended.")
    status: str = field("How the last call ended, in the contract's word.")
    code: str = field("Why, as a stable word.")
    detail: str = field(
        "Why the last call did not do what was asked, in the vendor's words where it said any, without what looks like"
        " a person's address or number. Empty once what was owed is done."
    )
    attempts: list[DeliveryAttempt] = field("Its attempts, oldest first; of many the first and the newest.", size=_FEW)


@object_type(DeliveryRecord)
class Delivery(TriedObligation):
    """One thing owed at an installation that was tried, with each attempt."""

    id: strawberry.ID = global_id_field("Obligation", "The obligation's identifier.")
    member = reference(
        related_members, "member_id", "Whose data it is about; null when it is about the whole installation."
    )


@object_type(VendorRecord)
class VendorDelivery(TriedObligation):
    """What a vendor sees of one delivery at one of its integrations; no person, and no organisation by name."""

    id: strawberry.ID = global_id_field("VendorDelivery", "Opaque identifier.")
    obligation_id: str = field("What the connector knows it by, also as `webhook-id`.", source="id", convert=str)
    installation_id: str = field("The installation: it stands for an organisation.", convert=str)
    integration_key: str = field("Key of the integration.")


@extends(Installation)
class InstallationDeliveries:
    """The delivery log of an installation."""

    @batch_field(cost=3)
    @staticmethod
    async def deliveries(
        parents: Sequence[InstallationRecord],
        info: BatchInfo[ApiContext],
        first: int = 20,
        after: str | None = None,
        states: list[ObligationState] | None = None,
    ) -> Sequence[Connection[Delivery]]:
        """What was tried there, the last tried first, with each attempt."""
        request = page_request(first, after)
        keys = [parent.id for parent in parents]
        found = await deliveries_by_installation(info.context.access, keys, request, states or ())
        return connections(parents, found, request, _PLACE)


@strawberry.type
class DeliveryQueries:
    """The delivery log of a vendor."""

    @root_field(cost=5)
    async def vendor_deliveries(
        self,
        info: ApiInfo,
        first: int = 20,
        after: str | None = None,
        installation: str | None = None,
        states: list[ObligationState] | None = None,
    ) -> Connection[VendorDelivery]:
        """What was tried at your own integrations in all organisations, the last tried first; for vendors."""
        request = page_request(first, after)
        page = await list_vendor_deliveries(
            info.context.access, request, installation=installation, states=states or ()
        )
        return connection(page, request, place=_PLACE)


@input_type
class RetryDeliveryInput:
    """A delivery that is to be tried now."""

    obligation_id: UUID = id_argument("Obligation", "The obligation's id.")


RetryDeliveryPayload = object_payload("RetryDeliveryPayload", "obligation", Obligation)


@strawberry.type
class DeliveryMutations:
    """Deliveries that are tried again."""

    @command(RetryDeliveryPayload)
    async def retry_delivery(self, access: Access, input: RetryDeliveryInput) -> ObligationRecord:
        """Try now what waits, what was given up and went to a person, or, owed anew, what has failed."""
        return await retry_delivery(access, input.obligation_id)
