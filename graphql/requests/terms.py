"""What a request that is asked now would be promised, as the API shows it."""

from __future__ import annotations

from datetime import datetime
from typing import cast

import strawberry

from wardship.graphql.api.context import ApiInfo
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import field, root_field
from wardship.graphql.requests.model import Authority
from wardship.tenants.requests.terms import Terms, terms_of_asking


@object_type(Terms)
class RequestTerms:
    """What holds of a request that is asked now."""

    country: str = field("Where you live (ISO 3166); empty where nobody has said.")
    regime: str = field("The law whose clock would run: `gdpr`, `ccpa`, `lgpd` or `dpdp`.")
    due_at: datetime = field("By when it would have to be answered; later only by one extension.")
    complain_to: list[Authority] = field("The authorities to which you could complain.", source="authorities")


@strawberry.type
class TermsQueries:
    """What is promised before one asks."""

    @root_field(cost=2)
    async def request_terms(self, info: ApiInfo, country: str | None = None, work_country: str = "") -> RequestTerms:
        """What a request of yours would be promised if you asked now, by the law of where you live."""
        terms = await terms_of_asking(info.context.access, country=country, work_country=work_country)
        return cast("RequestTerms", terms)
