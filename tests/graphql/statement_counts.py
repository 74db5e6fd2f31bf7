"""Count the statements that queries of the schema's lists and relations send, as somebody who may see all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLSchema

from tests.graphql.calls import Api
from tests.graphql.crowd import callers
from tests.graphql.schema_paths import (
    SchemaPath,
    document,
    first_paths,
    leads_through_list,
    leaves,
    node_types,
    related,
    rows_at_end,
    sample_id,
    schema_paths,
    target,
)
from tests.graphql.sent_statements import Sent

MANY = 10
ASKED_BY = {
    "Query.domainDisputes": "operator",
    "Query.escalatedRequests": "privacy_team",
    "Query.heldDeletions": "privacy_team",
    "Query.closingTasks": "operator",
    "Query.organisations": "operator",
    "Query.staff": "operator",
    "Query.remoteIntegrations": "operator",
    "Node.RemoteIntegration": "operator",
    "RemoteIntegration.declaration": "operator",
    "RemoteIntegration.use": "operator",
    "RemoteIntegration.vendor": "operator",
    "Query.vendorClients": "operator",
    "VendorClient.declaration": "operator",
    "VendorClient.organisations": "operator",
    "VendorClient.vendor": "operator",
    "Query.vendorDeliveries": "vendor",
    "Query.checkManifest": "vendor",
    "Mutation.requestVendorClient": "vendor",
    "Mutation.registerRemoteIntegration": "vendor",
    "Mutation.checkRemoteIntegration": "vendor",
    "Mutation.rotateRemoteIntegrationSecret": "vendor",
    "Mutation.dismissReceivedDatum": "member",
    "Node.VendorClient": "operator",
    "Mutation.withdrawDeletion": "officer",
}
"""Who asks for what the owner may not see."""
BY_OPERATORS = frozenset(
    {
        "DomainDisputes",
        "decideDomainDispute",
        "examineDomainDispute",
        "ClosingTasks",
        "Organisations",
        "Staff",
        "VendorClients",
        "approveVendorClient",
        "RemoteIntegrations",
        "approveRemoteIntegration",
        "suspendRemoteIntegration",
        "endRemoteIntegration",
        "addStaff",
        "closeOrganisation",
        "completeClosingTask",
        "createOrganisation",
        "removeStaff",
        "reopenOrganisation",
        "resumeOrganisation",
        "suspendOrganisation",
    }
)
"""Ready queries, and what ready mutations call, that only the provider's operators may."""
BY_PRIVACY_TEAM = frozenset({"HeldDeletions", "PrivacyTeamQueue"})
"""Ready queries that only the provider's privacy team may."""
READ_BEFORE = {
    "Viewer.content": (1, "what the caller is known by, from which the condition on texts is made (decision 0026)"),
    "Recipient.uses": (2, "what the gate decides by: the person, the choices, the grants (`egress/gate.read_facts`)"),
}
"""What takes further statements, how many, and what is read by them: reviewed one by one."""


@dataclass(frozen=True, slots=True)
class Count:
    """What a query sent: how many statements answered it, and how many recorded who saw what."""

    answering: int
    recording: int


@dataclass(frozen=True, slots=True)
class Counted:
    """How many statements something takes for one row at each level and for many.

    Attributes:
        name: the relation or list, or ``Query.members { … }`` for one with all relations of its objects.
        few: with one row at each level; None where that one row has nothing there.
        many: with many.
        most: how many there may be.
    """

    name: str
    few: Count | None
    many: Count
    most: int

    @classmethod
    def of(cls, name: str, sent: Sent, most: int) -> Counted:
        """Count what one operation sent."""
        return cls(name, None, Count(len(sent.reading), len(sent.writing)), most)

    @property
    def is_fair(self) -> bool:
        """Whether it takes no more than it may, and no more for many rows than for one."""
        few = self.few or self.many
        return few.answering == self.many.answering <= self.most and self.many.recording <= 1


@dataclass
class Counter:
    """Counts what queries send.

    Attributes:
        api: of the large organisation.
        take: gives what was sent since its last call.
    """

    api: Api
    take: Callable[[], Sent]

    async def count(self, document: str, caller: str = "owner", **variables: Any) -> tuple[Count, dict[str, Any]]:
        """Return what an operation sent, and its answer: when it is asked again, with all that was learned of it."""
        first = await self.api.data(callers()[caller], document, **variables)
        await self.take()
        answer = await self.api.data(callers()[caller], document, **variables)
        assert _but_looks(answer) == _but_looks(first)
        sent = await self.take()
        return Count(len(sent.reading), len(sent.writing)), answer

    async def each_alone(self, schema: GraphQLSchema) -> list[Counted]:
        """Count what each root field takes, what each relation adds to what leads to it, and each type of node."""
        found = [await self.alone(way) for way in schema_paths(schema)]
        for name in node_types(schema):
            caller = ASKED_BY.get(f"Node.{name}", "owner")
            taken, answer = await self.count(f'{{ node(id: "{sample_id(name)}") {{ id }} }}', caller)
            assert answer["node"] is not None, f"no {name} has the sample's id: add it to CROWD of its noun"
            found.append(Counted(f"node: {name}", taken, taken, 1))
        return found

    async def alone(self, way: SchemaPath) -> Counted:
        """Count what one root field takes, or one relation adds."""
        selection, caller = leaves(target(way.field)), ASKED_BY.get(way.name, "owner")
        few, one = await self.count(document(way, selection, first=1), caller)
        many, answer = await self.count(document(way, selection, first=MANY), caller)
        rows = rows_at_end(answer, way)
        assert rows >= (5 if leads_through_list(way) and many.answering else 1), (
            f"{way.name} has {rows} rows: see CROWD of its noun"
        )
        before = 0
        if len(way.steps) > 1:
            led, _ = await self.count(document(SchemaPath(way.steps[:-1], ""), "__typename", first=MANY), caller)
            before = led.answering
        added = [Count(each.answering - before, each.recording) for each in (few, many)]
        most = 1 + READ_BEFORE.get(way.name, (0, ""))[0]
        return Counted(way.name, added[0] if rows_at_end(one, way) else None, added[1], most)

    async def with_relations(self, schema: GraphQLSchema) -> list[Counted]:
        """Count what each root field, and a way to each other type, takes with all relations of its objects at once."""
        found = []
        for way in first_paths(schema):
            below = dict(related(target(way.field), MANY))
            if below:
                selection, caller = leaves(target(way.field)), ASKED_BY.get(way.name, "owner")
                text = document(way, " ".join((selection, *below.values())), first=MANY)
                many, _ = await self.count(text, caller)
                before = sum(READ_BEFORE.get(name, (0, ""))[0] for name in below)
                found.append(Counted(f"{way.name} {{ … }}", None, many, len(way.steps) + len(below) + before))
        return found


def _but_looks(found: Any) -> Any:
    """An answer without the counts of looks at people: to show somebody is one more."""
    if isinstance(found, dict):
        return {name: _but_looks(value) for name, value in found.items() if name != "looks"}
    return [_but_looks(each) for each in found] if isinstance(found, list) else found
