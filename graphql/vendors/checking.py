"""A declaration that a vendor pastes, shown as administrators will read it, with what would be refused."""

from __future__ import annotations

from collections.abc import Sequence

import strawberry

from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import field, root_field
from wardship.graphql.installations.declarations import Declaration, DeclarationDifference, declaration_of
from wardship.plugins.host.declaration_document import Fault
from wardship.plugins.host.differences import Difference
from wardship.tenants.vendor_clients.checking import CheckedManifest, check_manifest


@object_type(Fault)
class DeclarationFault:
    """What is wrong in a declaration, and where."""

    where: str = field("Where in the document; empty when it is about the whole.")
    what: str = field("What is wrong.")


@object_type()
class ManifestCheck:
    """What was read of a declaration."""

    name: str = field("Name of the integration; empty where it could not be read.")
    version: str = field("Its version; empty where it could not be read.")
    faults: Sequence[Fault] = field(
        "Why it would be refused; empty when it would not be.", cost=1, size=4, graphql_type=list[DeclarationFault]
    )
    warnings: Sequence[Fault] = field(
        "What it says and does not hold, which contract 1 lets pass.",
        cost=1,
        size=4,
        graphql_type=list[DeclarationFault],
    )
    declaration: Declaration | None = field("It as administrators read it; null where it could not be read.", cost=1)
    differences: Sequence[Difference] = field(
        "In what it is another than the earlier one, what takes more among it; empty without one.",
        cost=1,
        size=8,
        graphql_type=list[DeclarationDifference],
    )
    earlier_faults: Sequence[Fault] = field(
        "Why the earlier one can't be read.", cost=1, size=4, graphql_type=list[DeclarationFault]
    )


@strawberry.type
class ManifestQueries:
    """Declarations that are not installed."""

    @root_field(cost=20)
    async def check_manifest(self, info: ApiInfo, document: str = "", against: str | None = None) -> ManifestCheck:
        """Read a declaration as JSON, with `manifest` and `revocation_plan`, and an earlier one; for vendors."""
        return _shown(check_manifest(info.context.access, document, against))


def _shown(checked: CheckedManifest) -> ManifestCheck:
    read = checked.document
    manifest, plan = read.manifest, read.plan
    return ManifestCheck(
        name=manifest.name if manifest else "",
        version=manifest.version if manifest else "",
        faults=read.faults,
        warnings=read.warnings,
        declaration=declaration_of(manifest, plan) if manifest and plan else None,
        differences=checked.differences,
        earlier_faults=checked.earlier_faults,
    )
