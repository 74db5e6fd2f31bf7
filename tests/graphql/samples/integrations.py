"""Samples of integrations: installed, granted, owed, disclosed, chosen."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from tests.builders import NOW
from tests.graphql.calls import gid
from tests.graphql.sample import mutation, query
from tests.graphql.world import World
from wardship.tenants.installations.declarations import declaration_digest

DUE = NOW + timedelta(days=20)
PURPOSE = "functional.service"


async def _installation(world: World, state: str, **columns: object) -> UUID:
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
        "settings": f'{{"username": "{tag}"}}',
        "installed_by": world.people["admin"].member_id,
    }
    return await world.insert("installation", **(values | columns))


async def populate(world: World) -> None:
    """Installations in three states, a grant, a delivery, an obligation that a person has, choices of two members."""
    tag = world.organisation.name.split()[0]
    ids, subject = world.ids, world.people["subject"].member_id
    manifest, plan = world.services.integrations.require("calendar").declaration
    wider = {"pending_manifest": manifest.model_dump_json(), "pending_plan": plan.model_dump_json()}
    world.digests["pending"] = declaration_digest(manifest, plan).hex()
    ids["installation"] = await _installation(world, "active")
    ids["paused_installation"] = await _installation(world, "paused")
    ids["waiting_installation"] = await _installation(world, "needs_approval", **wider)
    ids["grant"] = await world.insert(
        "integration_grant", installation_id=ids["installation"], category="user.name", purpose=PURPOSE
    )
    await world.insert(
        "subject_link", installation_id=ids["installation"], member_id=subject, subject_ref=secrets.token_hex(16)
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
        member_id=subject,
        verb="erase",
        dedupe_key=secrets.token_hex(8),
        submitted_at=NOW,
        due_at=DUE,
        next_at=NOW,
        state="manual",
        outcome=f'{{"status": "manual", "code": "{tag}"}}',
    )
    ids["task"] = await world.insert(
        "manual_task", obligation_id=ids["obligation"], instructions=f"{tag} must be told", due_at=DUE
    )
    for person in (subject, world.people["member"].member_id):
        ids["disclosure"] = await world.insert(
            "disclosure",
            installation_id=ids["installation"],
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
        "grants": [{"category": "user.name", "purpose": PURPOSE}],
    }


def _approve(world: World) -> dict[str, object]:
    return {**_installed("waiting_installation")(world), "declarationDigest": world.digests["pending"]}


def _object(world: World) -> dict[str, object]:
    return {"memberId": world.id_of("Member", "subject"), "purpose": "analytics", **_installed()(world)}


OBLIGATION_FIELDS = """id verb state submittedAt dueAt nextAt attempt failures reminded endedAt
    outcome { status code recordsAffected retained { category reason } } proof { level method }
    member { displayName } task { id instructions evidence completedBy { displayName } }"""
DISCLOSURE_FIELDS = """id createdAt recipient categories fields purposes state settledAt
    installation { name } member { displayName }"""
INSTALLATION_FIELDS = """id integrationKey name vendorName version holder state stateReason createdAt removedAt
    settings { name value } declaration { digest } pendingDeclaration { differences { kind what } }
    grants(withWithdrawn: true) { id category categoryLabel purpose withdrawnAt installation { name } }
    group { name } member { displayName } installedBy { displayName }"""

SAMPLES = [
    query(
        "availableIntegrations",
        """{ availableIntegrations { key name version failure settings { name isSecret isRequired }
            declaration { digest headline text sections { title lines } receives { category purpose fields } } } }""",
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
    query("myDisclosures", f"{{ myDisclosures {{ edges {{ node {{ {DISCLOSURE_FIELDS} }} }} }} }}"),
    query("myConsents", "{ myConsents { id purpose category withdrawnAt } }"),
    query("myObjections", "{ myObjections { id purpose withdrawnAt } }"),
    query(
        "installationProgress",
        f"subscription($id: ID!) {{ installationProgress(id: $id) {{ waiting withPeople done failed cancelled"
        f" lastEndedAt installation {{ {INSTALLATION_FIELDS} }} }} }}",
        lambda world: {"id": gid("Installation", world.ids["installation"])},
    ),
    mutation("installIntegration", "InstallIntegrationInput", _install),
    mutation("updateInstallationSettings", "UpdateInstallationSettingsInput", _installed(settings=SETTINGS)),
    mutation("pauseInstallation", "InstallationInput", _installed()),
    mutation("resumeInstallation", "InstallationInput", _installed("paused_installation")),
    mutation("uninstallIntegration", "InstallationInput", _installed()),
    mutation("approveDeclaration", "ApproveDeclarationInput", _approve),
    mutation("grantCategory", "GrantCategoryInput", _installed(category="user.contact", purpose=PURPOSE)),
    mutation("withdrawGrant", "WithdrawGrantInput", _named("Grant", "grantId", "grant")),
    mutation(
        "completeManualTask",
        "CompleteManualTaskInput",
        _named("ManualTask", "taskId", "task", evidence="they confirmed it"),
    ),
    mutation("object", "ObjectInput", _object),
    mutation("withdrawObjection", "WithdrawObjectionInput", _named("Objection", "objectionId", "objection")),
    mutation("giveConsent", "GiveConsentInput", _installed(purpose="marketing.communications.sms")),
    mutation("withdrawConsent", "WithdrawConsentInput", _named("Consent", "consentId", "consent")),
]
