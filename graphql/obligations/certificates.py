"""The certificate of an integration that was taken away, as the API hands it out."""

from __future__ import annotations

from collections.abc import Sequence

from wardship.graphql.api.context import ApiContext
from wardship.graphql.api.relations import extends
from wardship.graphql.engine import BatchInfo, batch_field
from wardship.graphql.installations.model import Installation
from wardship.tenants.certificates.issue import certificates_of_installations
from wardship.tenants.installations.records import InstallationRecord


@extends(Installation)
class InstallationCertificate:
    """What proves that an integration gave everything back."""

    @batch_field(cost=1)
    @staticmethod
    async def certificate(parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext]) -> Sequence[str | None]:
        """The signed certificate of what was given back where, and how that is proven (JWS); null until the end."""
        found = await certificates_of_installations(info.context.access, [parent.id for parent in parents])
        return [found.get(parent.id) for parent in parents]
