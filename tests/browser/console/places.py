"""Every page that the console's routes declare: where it stands, who comes to it, and what it shows here."""

import json
import re
from functools import cache

from playwright.sync_api import Page

from tests.browser.console.world import HARBOUR, World, call, command, connect
from tests.browser.serving import ROOT
from wardship.app.demo.letters import Letters
from wardship.core.actor import PROVIDER_ID

ROUTES = sorted((ROOT / "graphql" / "console" / "src" / "pages").glob("*/route*.ts"))
PARENT = re.compile(r"getParentRoute: \(\) => (?P<parent>\w+)")
PATH = re.compile(r"\bpath: \"(?P<path>[^\"]*)\"")
BELOW = {"organisation": HARBOUR, "frame": "/console", "root": "/console"}
VISITORS = {
    "me/connections": "member",
    "privacy": "privacy team",
    "disputes": "privacy team",
    "vendors": "privacy team",
    "developers": "privacy team",
}
"""Who comes to a page that the owner doesn't see."""
LISTS = {
    "domains/$id": "domains(first: 1)",
    "groups/$id": "groups(first: 1)",
    "integrations/$id": "installations(first: 1)",
    "me/requests/$id": "myRequests(first: 1)",
    "members/$id": 'members(first: 1, where: { search: "Mia" })',
    "requests/$id": "requests(first: 1)",
    "sign-in/$id": "identityProviders(first: 1)",
}
"""The list that has the object of a page."""
PROVIDER = {"issuer": "https://login.example.org", "clientId": "wardship", "clientSecret": "a secret of the provider"}
OF_ONE = "query($member: ID!) { requests(first: 1, memberId: $member) { edges { node { id } } } }"
OF_HARBOUR = "(select id from organisation where slug = 'harbour')"
APPROVAL = f"""
insert into approval (organisation_id, id, created_at, kind, member_id, arguments, asked_by, asked_by_account,
        is_with_privacy_team, expires_at, state)
    select organisation_id, gen_random_uuid(), now(), 'remove_member', (select id from member where email like 'ben@%'),
        '{{}}', id, account_id, false, now() + interval '6 days', 'asked'
    from member where organisation_id = {OF_HARBOUR} and email like 'adam@%';
"""
DISPUTE = """
insert into domain_claim (organisation_id, id, created_at, name, scope, state, state_since, token_issued_at, finding,
        checked_at, examined_at, examined_until)
    select id, gen_random_uuid(), now(), 'harbour-logistics.com', 'name', 'disputed', now(), now(), 'proven',
        now(), now(), now() + interval '9 days'
    from organisation where slug = 'orchard';
"""
TASK = """
with owed as (
    insert into obligation (organisation_id, id, created_at, installation_id, place_id, member_id, verb, dedupe_key,
            submitted_at, due_at, next_at, state, outcome)
        select organisation_id, gen_random_uuid(), now(), id, place_id,
            (select id from member where email like 'ben@%'), 'correct', 'by hand',
            now(), now() + interval '9 days', now(), 'manual', '{"status": "manual", "code": ""}'
        from installation
        returning organisation_id, id
)
insert into manual_task (organisation_id, id, created_at, obligation_id, instructions, due_at)
    select organisation_id, gen_random_uuid(), now(), id, 'Correct the name.', now() + interval '9 days' from owed;
"""
CLAIM = """
insert into account_claim (organisation_id, id, created_at, account_id, account_hash, domain_id, epoch, state,
        state_since, decide_until)
    select c.organisation_id, gen_random_uuid(), now(), e.account_id, claimed_account(c.organisation_id, e.account_id),
        c.id, c.epoch, 'notified', now(), now() + interval '14 days'
    from domain_claim c join account_email e on e.address like '%@' || c.name where c.state = 'verified';
"""
SENDS = """
update installation set manifest = jsonb_set(jsonb_set(manifest, '{supports,receive}', 'true'), '{provides}',
    '[{"category": "user.behavior", "fields": ["visits"], "purpose": "analytics"}]');
insert into received_datum (organisation_id, id, created_at, installation_id, place_id, member_id, grant_id, source,
        kind, category, purpose, name, value, at, needs_consent)
    select i.organisation_id, gen_random_uuid(), now(), i.id, i.place_id, m.id, g.id, 'Cards Ltd', 'corrected',
        'user.contact.phone_number', 'functional.service', 'phone', '"+49 30 901820"', now(), false
    from installation i join member m on m.organisation_id = i.organisation_id and m.email = 'mia@harbour.example'
        cross join lateral (select id from integration_grant where installation_id = i.id limit 1) g;
"""
"""As if an integration took calls, and its vendor had sent something: of those that ship none does."""
CONNECTED = """
update installation set manifest = jsonb_set(manifest, '{oauth}',
    '{"authorization_endpoint": "https://vendor.example/oauth", "token_endpoint": "https://vendor.example/token"}');
insert into place_authorisation (organisation_id, id, created_at, installation_id, place_id, state, changed_at,
        client_id, oauth, tokens)
    select organisation_id, gen_random_uuid(), now(), id, place_id, 'expired', now(), 'wardship', manifest -> 'oauth',
        'sealed'
    from installation;
"""
"""As if an integration were connected at a vendor that demands OAuth 2.0, and that has ended: none that ships is."""
DECLARED = json.dumps(Letters().document("https://letters.example/wardship")).replace("'", "''")
VENDORS = f"""
insert into vendor_client (organisation_id, id, created_at, account_id, integration_key, name, is_confidential,
        redirect_uris, state)
    select '{PROVIDER_ID}', gen_random_uuid(), now(), account_id, 'address_book', 'Cards Sync', true,
        array['https://cards.example/back'], 'requested' from staff where role = 'privacy_team';
insert into remote_integration (organisation_id, id, created_at, account_id, url, state, state_since, integration_key,
        name, vendor_name, version, endpoint, document, fetched_at, fault, faulty_since)
    select '{PROVIDER_ID}', gen_random_uuid(), now(), account_id, 'https://letters.example/wardship.json', 'requested',
        now(), 'letters', 'Letters', 'Briefpost GmbH', '1.0.0', 'https://letters.example/wardship', '{DECLARED}', now(),
        'the document can''t be fetched: HTTP 404, not 200', now() from staff where role = 'privacy_team';
insert into remote_integration (organisation_id, id, created_at, account_id, url, state_since)
    select '{PROVIDER_ID}', gen_random_uuid(), now(), account_id, 'https://parcels.example/wardship.json', now()
    from staff where role = 'privacy_team';
"""
"""As if a vendor had asked for what it serves itself, and for a program."""
OPERATOR = """
insert into staff (id, created_at, account_id, role)
    select gen_random_uuid(), now(), account_id, 'operator' from staff where role = 'privacy_team'
    union all select gen_random_uuid(), now(), account_id, 'vendor' from staff where role = 'privacy_team';
"""


@cache
def declared_pages() -> dict[str, str]:
    """Return the address of each page by the path that its route declares; an object in it is still a parameter."""
    found = {}
    for text in [path.read_text("utf-8") for path in ROUTES]:
        for route in text.split("createRoute(")[1:]:
            path, parent = PATH.search(route)["path"].strip("/"), PARENT.search(route)["parent"]
            found[path] = f"{BELOW[parent]}/{path}".rstrip("/")
    return found


def address_of(pattern: str, owner: Page) -> str:
    """Return where a page is: that of an object at the first one which the owner sees."""
    address = declared_pages()[pattern]
    if pattern in LISTS:
        (edge,) = call(owner, f"{{ found: {LISTS[pattern]} {{ edges {{ node {{ id }} }} }} }}")["found"]["edges"]
        address = address.replace("$id", edge["node"]["id"])
    address = address.replace("$key", "address_book")
    assert "$" not in address, f"say in LISTS which object {pattern} shows here"
    return address


def fill(owner: Page, world: World) -> None:
    """Let there be something on each page: by acts of the owner, and as time and others would leave it."""
    connect(owner, world.vendor)
    command(owner, "inviteMember", email="new@harbour.example")
    command(owner, "createProvisioningToken", name="Harbour directory")
    command(owner, "createIdentityProvider", name="Harbour Login", **PROVIDER)
    command(owner, "submitRequest", rights=[{"kind": "ACCESS"}], country="DE")
    members = call(owner, "{ members(first: 50) { edges { node { id email } } } }")["members"]["edges"]
    (tom,) = (edge["node"]["id"] for edge in members if edge["node"]["email"] == "tom@harbour.example")
    command(owner, "beginAccountRecovery", memberId=tom)
    (asked,) = call(owner, OF_ONE, member=tom)["requests"]["edges"]
    command(owner, "escalateRequest", requestId=asked["node"]["id"], reason="It is about one of us.")
    world.execute(APPROVAL + DISPUTE + TASK + CLAIM + OPERATOR + VENDORS + SENDS + CONNECTED)
