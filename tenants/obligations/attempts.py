"""The attempts of an obligation: when each was made, how it ended, and when the next is; codes and times alone.

Why one failed in words is kept of the last alone, with the obligation, and until that has ended.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

MOST_ATTEMPTS: Final = 20
"""Attempts of one obligation that are kept: the first, and the newest."""

LAST_ATTEMPT_SQL: Final = (
    "case when attempts = '[]' and outcome is not null then attempt - 1"
    " else coalesce((attempts -> -1 ->> 'number')::integer, 0) end as last_attempt"
)
"""The number of the last attempt that is kept; of those before attempts were kept nothing is known to be missing."""

TRIED_SQL: Final = (
    "integration_key = (select i.integration_key from installation i where i.organisation_id = $1"
    " and i.id = o.installation_id)"
)
"""By what an obligation that was tried is found in the log of its vendor."""


def appended_sql(entry: str) -> str:
    """Return the SQL of the attempts with one more at their end; where there are many, the second goes."""
    return f"case when jsonb_array_length(attempts) < {MOST_ATTEMPTS} then attempts else attempts - 1 end || {entry}"


# What was told while the call was under way is what comes next, at once.
_UPDATE: Final = (
    "update obligation o set state = $4, outcome = $6::jsonb,"
    " next_at = case when told is distinct from $13 and $9::timestamptz is null then $14"
    "  else coalesce($5, next_at) end,"
    " told = case when told is distinct from $13 and $15 then told end,"
    " failures = failures + $7, attestation = coalesce($8::jsonb, attestation), ended_at = $9,"
    " sealed = case when $9::timestamptz is null then sealed end, lease_until = null, lease_owner = '',"
    " exchanges = coalesce($10::jsonb, exchanges), detail = $11, continuation = $12, tried_at = $14, "
)
_ATTEMPTS: Final = ", attempts = "
_OF_LEASE: Final = " where organisation_id = $1 and id = $2 and attempt = $3 and state = 'leased'"
CLOSE_SQL: Final = _UPDATE + TRIED_SQL + _ATTEMPTS + appended_sql("$16::jsonb") + _OF_LEASE
"""The statement that ends a lease, and appends its attempt."""


class Attempt(msgspec.Struct, frozen=True, omit_defaults=True):
    """One attempt.

    Attributes:
        number: counted from 1.
        at: when it ended; of one whose worker was lost, when another took it over.
        status: the contract's word for its end, for example ``failed``.
        code: why, as a stable word.
        http: the status of the vendor's last answer; None where none came.
        next_at: when it is tried again; None where it is not.
    """

    number: int
    at: datetime
    status: str
    code: str
    http: int | None = None
    next_at: datetime | None = None


read_attempts = msgspec.json.Decoder(tuple[Attempt, ...]).decode
"""Returns the attempts in what was kept, oldest first."""
