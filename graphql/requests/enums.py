"""Words that the API of requests uses."""

from __future__ import annotations

import strawberry

from wardship.tenants.requests.records import Handler, IdentityState, RefusalCode
from wardship.tenants.requests.states import RightKind, RightState

strawberry.enum(RightKind, name="RightKind", description="What a person can ask for.")
strawberry.enum(RightState, name="RightState", description="Where one right of a request stands.")
strawberry.enum(Handler, name="RequestHandler", description="Who has to decide.")
strawberry.enum(IdentityState, name="IdentityState", description="Whether the person has proven who he or she is.")
strawberry.enum(RefusalCode, name="RefusalCode", description="Why a right is refused or denied.")

__all__ = ["Handler", "IdentityState", "RefusalCode", "RightKind", "RightState"]
