"""Samples of integrations: installed, granted, owed, disclosed, chosen."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

from tests.builders import NOW
from tests.graphql.calls import gid
from tests.graphql.crowd import LIVE, key
from tests.graphql.sample import mutation, query
from tests.graphql.world import World
from wardship.core.identifiers import uuid7
from wardship.plugins.api import Provides
from wardship.tenants.declarations import declaration_digest

DUE = NOW + timedelta(days=20)
PURPOSE = "functional.service"


async def make_installation(world: World, state: str, **columns: object) -> UUID:
    tag = world.organisation.name.split()[0]
    manifest, plan = world.services.integrations.require("address_book").declaration
    values = {
        "integration_key": "address_book",
        "integration_version": manifest.version,
        "manifest": manifest.model_dump_json(),
        "plan": plan.model_dump_json(),
        "declaration_digest": declaration_digest(manifest, plan),
        "audience": "organisation",
        "state": state,
        "state_reason": f"{tag} reason",
        "installed_by": world.people["admin"].member_id,
    }
    identifier = uuid7()
    place = {"recipient": f"{tag} recipient", "settings": f'{{"username": "{tag}"}}'}
    async with world.owner.transaction():
        await world.insert("installation", id=identifier, place_id=identifier, **(values | columns))
        return await world.insert("installation_place", id=identifier, installation_id=identifier, **place)


async def populate(world: World) -> None:
    """Installations in three states, a grant, a delivery, an obligation that a person has, choices of two members."""
    tag = world.organisation.name.split()[0]
    ids, subject = world.ids, world.people["subject"].member_id
    manifest, plan = world.services.integrations.require("calendar").declaration
    wider = {"pending_manifest": manifest.model_dump_json(), "pending_plan": plan.model_dump_json()}
    world.digests["pending"] = declaration_digest(manifest, plan).hex()
    approved, _ = world.services.integrations.require("address_book").declaration
    sends = tuple(
        Provides(category=category, fields=(name,), purpose=PURPOSE)
        for category, name in (("user.behavior", "visits"), ("user.contact", "phone"))
    )
    declared = approved.model_copy(update={"provides": sends}).model_dump_json()
    ids["installation"] = await make_installation(world, "active", manifest=declared)
    ids["paused_installation"] = await make_installation(world, "paused")
    ids["waiting_installation"] = await make_installation(world, "needs_approval", **wider)
    ids["grant"] = await world.insert(
        "integration_grant", installation_id=ids["installation"], category="user.name", purpose=PURPOSE
    )
    await world.insert(
        "subject_link",
        installation_id=ids["installation"],
        place_id=ids["installation"],
        member_id=subject,
        subject_ref=secrets.token_hex(16),
    )
    await _owed(world, tag, subject)
    ids["consent"] = await world.insert(
        "consent", member_id=world.people["member"].member_id, purpose="marketing.communications.email"
    )
    ids["objection"] = await world.insert(
        "objection", member_id=world.people["member"].member_id, purpose="marketing.advertising"
    )
    await world.insert(
        "restriction",
        member_id=world.people["outsider"].member_id,
        cause="requested",
        lifted_at=NOW,
        lifted_reason=f"{tag} lifted",
    )


async def _owed(world: World, tag: str, subject: UUID) -> None:
    ids = world.ids
    ids["obligation"] = await world.insert(
        "obligation",
        installation_id=ids["installation"],
        place_id=ids["installation"],
        member_id=subject,
        verb="erase",
        dedupe_key=secrets.token_hex(8),
        submitted_at=NOW,
        due_at=DUE,
        next_at=NOW,
        state="manual",
        outcome=f'{{"status": "manual", "code": "{tag}"}}',
        tried_at=NOW,
    )
    ids["task"] = await world.insert(
        "manual_task", obligation_id=ids["obligation"], instructions=f"{tag} must be told", due_at=DUE
    )
    for person in (subject, world.people["member"].member_id):
        ids["disclosure"] = await world.insert(
            "disclosure",
            installation_id=ids["installation"],
            place_id=ids["installation"],
            member_id=person,
            obligation_id=ids["obligation"],
            attempt=1,
            recipient=f"{tag} recipient",
            categories=["user.name"],
            fields=["first_name"],
            purposes=[PURPOSE],
            grant_ids=[ids["grant"]],
            record_digest=secrets.token_bytes(32),
            state="delivered",
        )
    await world.insert(
        "vendor_export",
        obligation_id=ids["obligation"],
        installation_id=ids["installation"],
        member_id=subject,
        content=b"encrypted",
        expires_at=DUE,
    )


def _installed(name: str = "installation", **more: object):
    return lambda world: {"installationId": gid("Installation", world.ids[name]), **more}


def _named(type_name: str, key: str, name: str, **more: object):
    return lambda world: {key: gid(type_name, world.ids[name]), **more}


SETTINGS = [
    {"name": "collection_url", "value": "https://dav.example.org/book/"},
    {"name": "username", "value": "wardship"},
    {"name": "password", "value": "secret"},
    {"name": "server_country", "value": "DE"},
]


def _install(world: World) -> dict[str, object]:
    digest = declaration_digest(*world.services.integrations.require("address_book").declaration).hex()
    return {
        "integration": "address_book",
        "declarationDigest": digest,
        "holder": "GROUP",
        "groupId": world.id_of("Group", "team"),
        "settings": SETTINGS,
        "acceptsSameAccount": True,
        "grants": [{"category": "user.name", "purpose": PURPOSE}],
    }


def _rotate(world: World) -> dict[str, object]:
    return {**_installed(value="a new one", keepOldForHours=24)(world), "name": "password"}


def _approve(world: World) -> dict[str, object]:
    return {**_installed("waiting_installation")(world), "declarationDigest": world.digests["pending"]}


def _object(world: World) -> dict[str, object]:
    return {"memberId": world.id_of("Member", "subject"), "purpose": "analytics", **_installed()(world)}


@asynccontextmanager
async def _is_filled_in(world: World) -> AsyncIterator[None]:
    settings = json.dumps({each["name"]: each["value"] for each in SETTINGS if each["name"] != "password"})
    sql = "update installation_place set settings = $2::jsonb where id = $1"
    before = await world.owner.fetchval(
        "select settings::text from installation_place where id = $1", world.ids["installation"]
    )
    await world.owner.execute(sql, world.ids["installation"], settings)
    yield
    await world.owner.execute(sql, world.ids["installation"], before)


@asynccontextmanager
async def _task_is_overdue(world: World) -> AsyncIterator[None]:
    sql = "update manual_task set due_at = $2 where id = $1"
    await world.owner.execute(sql, world.ids["task"], NOW - timedelta(days=1))
    yield
    await world.owner.execute(sql, world.ids["task"], DUE)


@asynccontextmanager
async def _task_is_done(world: World) -> AsyncIterator[None]:
    obligation, task = world.ids["obligation"], world.ids["task"]
    end = "update obligation set state = $2, ended_at = $3 where id = $1"
    close = "update manual_task set state = $2, completed_by = $3 where id = $1"
    link = "update subject_link set state = $2 where place_id = $1"
    await world.owner.execute(link, world.ids["installation"], "erased")
    await world.owner.execute(
        "update obligation set state = 'cancelled', ended_at = $2"
        " where verb = 'erase' and ended_at is null and id <> $1",
        obligation,
        NOW,
    )
    await world.owner.execute(end, obligation, "completed", NOW)
    await world.owner.execute(close, task, "done", world.people["admin"].member_id)
    yield
    await world.owner.execute(link, world.ids["installation"], "shared")
    await world.owner.execute(end, obligation, "manual", None)
    await world.owner.execute(close, task, "open", None)


OBLIGATION_FIELDS = """id verb recipient state submittedAt dueAt nextAt attempt failures reminded endedAt
    outcome { status code detail recordsAffected retained { category reason } } proof { level basis method
        evidence { claimed said subjects exchanges { method status target } earlier { at } outdated { at } } }
    exchanges { at method status error target requestDigest responseDigest credential namesSubject }
    member { displayName } task { id instructions evidence completedBy { displayName } }"""
RECIPIENT_FIELDS = """installationId integration legalName recipient privacyContact countries purposes connectedFor
    isConnected holding uses { category purpose fields legalBasis isShared }"""
DISCLOSURE_FIELDS = f"""id createdAt recipient categories fields purposes state settledAt
    installation {{ name }} disclosedTo {{ {RECIPIENT_FIELDS} }} member {{ displayName }}"""
INSTALLATION_FIELDS = """id integrationKey name vendorName version holder state stateReason createdAt removedAt
    settings { name value } places { recipient state createdAt leavingAt leftAt holding owed }
    declaration { digest } pendingDeclaration { differences { kind effect what before after sentence message }
        alsoDifferent { what } }
    authorisation { state since }
    grants(withWithdrawn: true) { id category categoryLabel purpose withdrawnAt installation { name } }
    group { name } member { displayName } installedBy { displayName }"""

SAMPLES = [
    query(
        "availableIntegrations",
        """{ availableIntegrations { key name version failure settings { name isSecret isRequired }
            declaration { digest headline text sections { title lines titleMessage messages }
                receives { category purpose fields } } } }""",
    ),
    query(
        "installations", f"{{ installations(withRemoved: true) {{ edges {{ node {{ {INSTALLATION_FIELDS} }} }} }} }}"
    ),
    query(
        "obligations",
        f"query($id: ID) {{ obligations(installationId: $id) {{ edges {{ node {{ {OBLIGATION_FIELDS} }} }} }} }}",
        lambda world: {"id": gid("Installation", world.ids["installation"])},
    ),
    query(
        "manualTasks",
        """{ manualTasks(states: [OPEN]) { edges { node { id instructions dueAt state evidence completedAt
            obligation { id verb installation { name } } completedBy { displayName } } } } }""",
    ),
    query(
        "disclosures",
        f"query($id: ID) {{ disclosures(memberId: $id) {{ edges {{ node {{ {DISCLOSURE_FIELDS} }} }} }} }}",
        lambda world: {"id": world.id_of("Member", "subject")},
    ),
    query("dataFlows", "{ dataFlows { category isSpecial recipient people lastAt installation { id } } }"),
    query("myDisclosures", f"{{ myDisclosures {{ edges {{ node {{ {DISCLOSURE_FIELDS} }} }} }} }}"),
    query("myRecipients", f"{{ myRecipients {{ edges {{ node {{ {RECIPIENT_FIELDS} }} }} }} }}"),
    query(
        "myConsents",
        """{ myConsents { id purpose category withdrawnAt recipient { integration legalName }
            withdrawnFor { withdrawnAt recipient { recipient } } } }""",
    ),
    query("myObjections", "{ myObjections { id purpose withdrawnAt recipient { integration recipient } } }"),
    query(
        "installationProgress",
        f"subscription($id: ID!) {{ installationProgress(id: $id) {{ waiting withPeople done failed cancelled"
        f" lastEndedAt installation {{ {INSTALLATION_FIELDS} }} }} }}",
        lambda world: {"id": gid("Installation", world.ids["installation"])},
    ),
    mutation("installIntegration", "InstallIntegrationInput", _install),
    mutation("updateInstallationSettings", "UpdateInstallationSettingsInput", _installed(settings=SETTINGS)),
    mutation("rotateSecret", "RotateSecretInput", _rotate, _is_filled_in),
    mutation("pauseInstallation", "InstallationInput", _installed()),
    mutation("resumeInstallation", "InstallationInput", _installed("paused_installation")),
    mutation("uninstallIntegration", "UninstallIntegrationInput", _installed()),
    mutation("previewUninstall", "InstallationInput", _installed()),
    mutation("approveDeclaration", "ApproveDeclarationInput", _approve),
    mutation("grantCategory", "GrantCategoryInput", _installed(category="user.contact", purpose=PURPOSE)),
    mutation("withdrawGrant", "WithdrawGrantInput", _named("Grant", "grantId", "grant")),
    mutation("previewGrantWithdrawal", "PreviewGrantWithdrawalInput", _named("Grant", "grantId", "grant")),
    mutation(
        "completeManualTask",
        "CompleteManualTaskInput",
        _named("ManualTask", "taskId", "task", evidence="they confirmed it"),
    ),
    mutation(
        "giveUpManualTask",
        "GiveUpManualTaskInput",
        _named("ManualTask", "taskId", "task", reason="nobody there answers"),
        _task_is_overdue,
    ),
    mutation(
        "reopenManualTask",
        "ReopenManualTaskInput",
        _named("ManualTask", "taskId", "task", reason="they still have it"),
        _task_is_done,
    ),
    mutation("object", "ObjectInput", _object),
    mutation("withdrawObjection", "WithdrawObjectionInput", _named("Objection", "objectionId", "objection")),
    mutation("giveConsent", "GiveConsentInput", _installed(purpose="marketing.communications.sms")),
    mutation("withdrawConsent", "WithdrawConsentInput", _named("Consent", "consentId", "consent")),
]

KEYS = {
    "Disclosure": "y",
    "Grant": "c",
    "Installation": "i",
    "ManualTask": "k",
    "Obligation": "o",
    "VendorDelivery": "o",
}

CROWD = """
-- Most installations were removed.
insert into installation (organisation_id, id, created_at, integration_key, integration_version, manifest, plan,
        declaration_digest, audience, group_id, member_id, state, place_id, installed_by, pending_manifest,
        pending_plan)
    select organisation_id, key('i', place, n), at, 'address_book', '1.0',
        jsonb_set(jsonb_set(manifest, '{supports,receive}', 'true'), '{oauth}',
            '{"authorization_endpoint": "https://vendor.example/oauth", "token_endpoint": "https://vendor.example/token"}'),
        plan, digest,
        case kind_of_holder when 0 then 'organisation' when 1 then 'group' else 'member' end,
        case kind_of_holder when 1 then key('g', place, 2 + n % 50) end, case kind_of_holder when 2 then other end,
        case when is_last or place > 0 then 'active' else 'removed' end, key('i', place, n), other,
        pending_manifest, pending_plan from number, fixed;
insert into installation_place (organisation_id, id, created_at, installation_id, settings)
    select organisation_id, key('i', place, n), at, key('i', place, n),
        '{"username": "somebody", "server_country": "DE"}' from number;
insert into certificate (organisation_id, id, created_at, installation_id, jws)
    select organisation_id, key('U', place, n), at, key('i', place, n), 'jws' from number;
insert into integration_grant (organisation_id, id, created_at, installation_id, category, purpose, withdrawn_at)
    select organisation_id, key('c', place, n), at, key('i', place, n), 'user.name', 'functional.service', null
    from number;
insert into subject_link (organisation_id, id, created_at, installation_id, place_id, member_id, subject_ref)
    select organisation_id, key('l', place, n), at, key('i', place, n), key('i', place, n), member, n::text from number
    union all select organisation_id, key('L', place, n), at, key('i', place, live), key('i', place, live), member,
        'x' || n
    from number, fixed where place = 0 and n <> live
    union all select organisation_id, key('Z', place, n), at, key('i', place, n), key('i', place, n),
        key('m', place, 1), 'z' || n from number where n between 2 and 40;
insert into obligation (organisation_id, id, created_at, installation_id, place_id, request_id, right_id, member_id,
        verb, dedupe_key, submitted_at, due_at, next_at, state, ended_at, tried_at, integration_key, outcome)
    select organisation_id, key('o', place, n), at, installation, installation, key('r', place, n), key('t', place, n),
        member, 'erase', 'k' || n, at, at + interval '1 month', at, case when is_last then 'manual'
        else 'completed' end, case when not is_last then at end, at, 'address_book',
        '{"status": "completed", "code": "done"}' from number;
insert into manual_task (organisation_id, id, created_at, obligation_id, instructions, due_at, state, completed_by)
    select organisation_id, key('k', place, n), at, key('o', place, n), 'Tell them', at,
        case when is_last then 'open' else 'done' end, other from number;
insert into disclosure (organisation_id, id, created_at, installation_id, place_id, member_id, obligation_id, attempt,
        recipient, categories, fields, purposes, grant_ids, record_digest, state)
    select organisation_id, key('y', place, n), at, installation, installation, subject, key('o', place, n), 1,
        'Somebody', '{user.name}', '{company,email,first_name,last_name,phone,title}', '{functional.service}', '{}',
        sha256(n::text::bytea), 'delivered' from number;
insert into consent (organisation_id, id, created_at, member_id, purpose, installation_id)
    select organisation_id, key('n', place, n), at, asker, 'purpose ' || n,
        case when n % 2 = 0 then key('i', place, n) end from number;
insert into consent_withdrawal (organisation_id, id, created_at, member_id, consent_id, installation_id)
    select organisation_id, key('w', place, n), at, asker, key('n', place, n), key('i', place, n) from number;
insert into objection (organisation_id, id, created_at, member_id, purpose, installation_id)
    select organisation_id, key('b', place, n), at, asker, 'purpose ' || n,
        case when n % 2 = 0 then key('i', place, n) end from number;
"""

FILTERS = {
    "Installation.grants(withWithdrawn)": ("withWithdrawn: true",),
    "Installation.disclosures(category)": ('category: "user.name"',),
    "Query.disclosures(installationId)": (f'installationId: "{gid("Installation", key("i", LIVE))}"',),
    "Query.disclosures(memberId)": (f'memberId: "{gid("Member", key("m", 1))}"',),
    "Query.installations(withRemoved)": ("withRemoved: true",),
    "Query.manualTasks(states)": ("states: [OPEN]", "states: [OPEN, DONE, CANCELLED]"),
    "Query.obligations(installationId)": (f'installationId: "{gid("Installation", key("i", LIVE))}"',),
    "Query.obligations(states)": ("states: [MANUAL, FAILED]", "states: [COMPLETED]"),
}
