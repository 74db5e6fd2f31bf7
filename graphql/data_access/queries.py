"""What may be asked about the audit log."""

from __future__ import annotations

import strawberry

from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.paging import connection
from wardship.graphql.data_access.model import AuditEntry, audit_page
from wardship.graphql.engine import Connection, root_field
from wardship.tenants.data_access.read import audit_log


@strawberry.type
class DataAccessQueries:
    """The organisation's audit log."""

    @root_field(cost=3)
    async def audit_log(self, info: ApiInfo, first: int = 20, after: str | None = None) -> Connection[AuditEntry]:
        """The organisation's audit chain, latest first; for those who may read it."""
        asked = audit_page(first, after)
        page = await audit_log(info.context.access, first, before=asked.before)
        return connection(page, asked.page, place=lambda item: (item.sequence, item.id))
