"""Samples of the caller's own account."""

from __future__ import annotations

from tests.graphql.sample import mutation

SAMPLES = [
    mutation("updateMyAccount", "UpdateMyAccountInput", lambda _: {"timeZone": "Europe/Berlin"}),
]

CROWD = """
insert into account (id, created_at, display_name) select key('A', place, n), at, 'Person' from number where place = 0;
insert into account_email (id, created_at, account_id, address, is_primary, verified_at)
    select key('E', place, n), at, key('A', place, n), 'person' || n || '@example.org', true, at from number
    where place = 0;
insert into account_event (id, created_at, account_id, kind, network, user_agent)
    select key('v', place, n), at, key('A', place, 1 + n % 2), 'signed_in', '192.0.2.0/24', 'Browser' from number;
"""
