"""Functions that run with their owner's rights see past every tenant: each is named here with what holds it in."""

from __future__ import annotations

import pytest

from wardship.core.actor import PROVIDER_ID
from wardship.core.database.embedded import ROLE_OWNER

pytestmark = pytest.mark.anyio

AT_PROVIDER = "answers in the scope of the provider alone, and tells nothing that is in an organisation"
OWN_TENANT = "sees the rows of the transaction's own organisation only"
IDENTIFIERS = "tells workers identifiers and times, whose rows they then reach in a transaction of that organisation"
ONE_KEY = "answers for one secret, hash or identifier that the caller already has"
WITH_ROWS = "goes with rows that the caller may delete, and takes what belongs to them"
ONE_DOMAIN = "reaches one domain, by a name that the caller already has, and lists none"
OWN_DOMAIN = "counts or asks accounts at a domain that the transaction's own organisation holds, and names none"
OWN_MERGERS = "tells of mergers in which the transaction's own organisation takes or took part"
ONE_MERGER = "reaches the two organisations of one merger, for a transaction of either, at a time that its state says"
DEPLOYMENTS = "answers for the deployment's own client at one vendor, sealed, and for no organisation's rows"
AT_VENDOR = "answers in the scope of the provider alone, for one account, and names no person and no organisation"
WRITES_ONLY = "puts a row where the caller can't read it"

REVIEWED = {
    "account_details": ONE_KEY,
    "account_events": ONE_KEY,
    "account_recoveries": OWN_TENANT,
    "account_administers": ONE_KEY,
    "account_has_membership": ONE_KEY,
    "account_is_active_member": ONE_KEY,
    "approvals_due": IDENTIFIERS,
    "account_notices": ONE_KEY,
    "account_preferences": ONE_KEY,
    "account_notices_by_id": ONE_KEY,
    "authenticate": ONE_KEY,
    "authenticate_provisioning": ONE_KEY,
    "authorisation_flow_place": ONE_KEY,
    "authorisation_flows_over": IDENTIFIERS,
    "bins_due": IDENTIFIERS,
    "break_glass_due": IDENTIFIERS,
    "buried": ONE_KEY,
    "buried_identifiers": OWN_TENANT,
    "bury": WRITES_ONLY,
    "carry_over": ONE_MERGER,
    "certificate_by_reference": ONE_KEY,
    "claim_obligations": IDENTIFIERS,
    "customers_without_account": IDENTIFIERS,
    "deletions_with_privacy_team": IDENTIFIERS,
    "choose_notices": ONE_KEY,
    "claims_against": IDENTIFIERS,
    "closing_tasks": AT_PROVIDER,
    "domain_claims_due": IDENTIFIERS,
    "domain_disputes": AT_PROVIDER,
    "domain_holder": ONE_DOMAIN,
    "domains_claimed_by_both": ONE_MERGER,
    "due_reconciliations": IDENTIFIERS,
    "due_retentions": IDENTIFIERS,
    "places_with_retired_secrets": IDENTIFIERS,
    "due_reminders": IDENTIFIERS,
    "expired_vendor_exports": IDENTIFIERS,
    "forget_data_access_people": WITH_ROWS,
    "former_organisation": OWN_MERGERS,
    "installations_of_integration": IDENTIFIERS,
    "remote_endpoint": ONE_KEY,
    "forget_ledger": OWN_TENANT,
    "forget_mail": ONE_KEY,
    "identity_provider_place": ONE_KEY,
    "inbound_messages_over": IDENTIFIERS,
    "inbound_place": ONE_KEY,
    "installations_in_use": IDENTIFIERS,
    "installations_to_certify": IDENTIFIERS,
    "installations_working": IDENTIFIERS,
    "invitation_place": ONE_KEY,
    "let_go_of_erased": WITH_ROWS,
    "managed_organisations": AT_PROVIDER,
    "merger_figures": ONE_MERGER,
    "merger_waits_for": ONE_MERGER,
    "member_residence": OWN_TENANT,
    "group_rules_due": IDENTIFIERS,
    "members_at_domains": OWN_TENANT,
    "memberships_made_for": ONE_KEY,
    "members_with_address": OWN_TENANT,
    "must_choose": ONE_KEY,
    "note_members_in_both": ONE_MERGER,
    "notice_preference_of": ONE_KEY,
    "notices_due": IDENTIFIERS,
    "notices_kept_enough": IDENTIFIERS,
    "is_in_dispute": OWN_TENANT,
    "lease_domain_checks": IDENTIFIERS,
    "lock_domain": ONE_DOMAIN,
    "organisation_of_claim": ONE_KEY,
    "organisations_of": ONE_KEY,
    "organisations_to_tell_of_looks": IDENTIFIERS,
    "overdue_obligations": IDENTIFIERS,
    "own_mergers": OWN_MERGERS,
    "provider_open_to": ONE_KEY,
    "provisioning_failures_over": IDENTIFIERS,
    "provisioning_tokens_due": IDENTIFIERS,
    "queue_mail": WRITES_ONLY,
    "rank_of": ONE_KEY,
    "read_account_notices": ONE_KEY,
    "record_account_event": WRITES_ONLY,
    "recovery_by_id": ONE_KEY,
    "recovery_fault": ONE_KEY,
    "recovery_of": ONE_KEY,
    "recovery_place": ONE_KEY,
    "remainders_due": IDENTIFIERS,
    "requests_due": IDENTIFIERS,
    "requests_with_privacy_team": IDENTIFIERS,
    "requests_without_admin": IDENTIFIERS,
    "set_domain": ONE_DOMAIN,
    "staff_members": AT_PROVIDER,
    "tell_staff": WRITES_ONLY,
    "account_claims_due": IDENTIFIERS,
    "account_claims_of": ONE_KEY,
    "claimed_addresses": OWN_TENANT,
    "count_groupable": OWN_DOMAIN,
    "forget_claimed_account": WITH_ROWS,
    "groupings_due": IDENTIFIERS,
    "holding_claim": ONE_DOMAIN,
    "match_accounts": OWN_DOMAIN,
    "note_proven_mailbox": WRITES_ONLY,
    "policy_for_address": ONE_KEY,
    "tell_accounts": WRITES_ONLY,
    "revoke_tokens_of": OWN_TENANT,
    "way_to_sign_in": ONE_KEY,
    "consentable_installations": ONE_KEY,
    "find_integration_client": DEPLOYMENTS,
    "find_vendor_code": ONE_KEY,
    "find_vendor_grant": ONE_KEY,
    "find_vendor_token": ONE_KEY,
    "use_of_integrations": AT_PROVIDER,
    "use_of_vendor_clients": AT_PROVIDER,
    "vendor_deliveries": AT_VENDOR,
    "vendor_grant_opens": ONE_KEY,
    "vendor_tokens_over": IDENTIFIERS,
}

FUNCTIONS = """
    select p.proname as name, r.rolname as owner, p.prosrc as source
    from pg_proc p join pg_roles r on r.oid = p.proowner
    where p.pronamespace = 'public'::regnamespace and p.prosecdef
"""


async def test_every_function_with_the_owners_rights_was_reviewed(owner):
    found = {row["name"]: row["owner"] for row in await owner.fetch(FUNCTIONS)}
    assert sorted(found) == sorted(REVIEWED), "say here what holds the new function in"
    assert set(found.values()) == {ROLE_OWNER}


async def test_those_that_see_the_own_organisation_only_say_so(owner):
    sources = {row["name"]: row["source"] for row in await owner.fetch(FUNCTIONS)}
    for name, reason in REVIEWED.items():
        if reason is OWN_TENANT:
            assert "organisation_id = current_tenant()" in sources[name], name


async def test_those_that_reach_accounts_at_a_domain_look_who_holds_it(owner):
    sources = {row["name"]: row["source"] for row in await owner.fetch(FUNCTIONS)}
    for name, reason in REVIEWED.items():
        if reason is OWN_DOMAIN:
            assert "organisation_id = current_tenant()" in sources[name], name
            assert "d.state = 'held'" in sources[name], name
            assert "c.state = 'verified'" in sources[name], name


async def test_those_that_answer_the_provider_alone_say_so(owner):
    sources = {row["name"]: row["source"] for row in await owner.fetch(FUNCTIONS)}
    for name, reason in REVIEWED.items():
        if reason is AT_PROVIDER:
            assert f"(select current_tenant()) = '{PROVIDER_ID}'" in sources[name], name
