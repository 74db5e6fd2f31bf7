"""Every table has a declared fate in a merger, so that a noun that is added later can't be forgotten."""

from __future__ import annotations

from piccolo.columns import Bytea

from wardship.app.nouns import domain_nouns
from wardship.core.database.personal_data import DeclaredTable
from wardship.core.database.tables import TenantRows
from wardship.tenants.mergers.fates import DIRECTORY_FATES, FATES, TEXTS, Fate, ending, going_over

DIGESTS = {
    "account_claim.account_hash",  # of the organisation and the account: made again by `carry_over`
    "authorisation_flow.state_hash",
    "audit_entry.hash",
    "audit_head.hash",
    "certificate.reference_hash",
    "data_request.identity_code_hash",
    "data_request.reference_hash",
    "disclosure.record_digest",
    "domain_claim.fresh_hash",
    "domain_claim.token_hash",
    "erasure_find.digest",
    "export_file.content_sha256",
    "inbound_message.message_key",  # of the installation and the vendor's id
    "installation.declaration_digest",
    "invitation.token_hash",
    "notice.event",
    "obligation.batch_digest",  # of what a batch carried: where another key made it, the batch is a new one
    "place_authorisation.account_key",  # of the vendor's name for the account alone
    "preview.digest",
    "subject_link.sent_digest",  # of the identifiers alone
    "provisioning_token.token_hash",
    "vendor_client_secret.secret_hash",
    "vendor_code.code_hash",
    "vendor_token.token_hash",
    "subject_link.known_as_key",  # of the place and the vendor's name
}
"""Bytes that are not encrypted: what they were made of does not name the organisation."""


def test_every_table_of_organisations_has_a_fate():
    tables = {entry.name for entry in domain_nouns().held if issubclass(entry.table, TenantRows)}
    assert set(FATES) == tables


def test_every_table_of_the_directory_that_names_an_organisation_has_a_fate():
    naming = {
        entry.name
        for entry in domain_nouns().held
        if not issubclass(entry.table, TenantRows)
        and any(column._meta.name == "organisation_id" for column in entry.table._meta.columns)
    }
    assert set(DIRECTORY_FATES) == naming


def test_proofs_alone_stay_and_each_fate_has_its_tables():
    assert {name for name, fate in FATES.items() if fate is Fate.STAY} == {"audit_entry", "audit_head"}
    held = domain_nouns().held
    assert {*going_over(held), *ending(held)} == set(FATES) - {"audit_entry", "audit_head"}


def test_every_column_of_bytes_is_a_digest_or_is_encrypted_again():
    of_tenants = [table for table in domain_nouns().tables if issubclass(table, TenantRows)]
    found = {
        f"{table.held.name}.{column._meta.name}"
        for table in of_tenants
        for column in table._meta.columns
        if isinstance(column, Bytea)
    }
    encrypted = {f"{table.held.name}.{each.column}" for table in of_tenants for each in table.encrypted}
    assert found == DIGESTS | encrypted
    assert not DIGESTS & encrypted


def test_texts_that_may_name_a_membership_exist():
    columns = {
        f"{table.held.name}.{column._meta.name}"
        for table in domain_nouns().tables
        if issubclass(table, DeclaredTable)
        for column in table._meta.columns
    }
    assert set(TEXTS) <= columns


async def test_owner_may_carry_over_every_table_that_goes(owner):
    rows = await owner.fetch(
        "select c.relname from pg_policy p join pg_class c on c.oid = p.polrelid where p.polname = 'owner_carries_over'"
    )
    assert {name for name, fate in FATES.items() if fate is Fate.GO_OVER} <= {row["relname"] for row in rows}
    assert not {"audit_entry", "audit_head"} & {row["relname"] for row in rows}
