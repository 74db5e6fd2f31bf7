"""The API of requests from members.

Enums that inputs and outputs share stand here: a type that is made before its enum is named makes a second one.
"""

import strawberry

from wardship.tenants.requests.records import RefusalCode
from wardship.tenants.requests.states import RightKind

strawberry.enum(RightKind, name="RightKind", description="What a person can ask for.")
strawberry.enum(RefusalCode, name="RefusalCode", description="Why a right is refused or denied.")
