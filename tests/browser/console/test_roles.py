"""Each role sees the pages that its permissions give, and no others: in the navigation, the palette, and by address."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.console.conftest import Console, visiting
from tests.browser.console.places import address_of, declared_pages, fill
from tests.browser.console.world import HARBOUR, World, call, command, world_in
from wardship.core.actor import Role, StaffRole
from wardship.tenants.permissions import (
    ROLE_PERMISSIONS,
    STAFF_PERMISSIONS,
    STAFF_PERMISSIONS_ANYWHERE,
    Permission,
)

P = Permission
AT_HOME = "/console/o/provider"
OF_EVERYBODY = {"", "certificate", "notices", "me/security"}
OF_ONESELF = {"me/ask", "me/choices", "me/requests", "me/requests/$id"}
OF_MEMBERS = OF_ONESELF | {"me", "tasks", "integrations/add", "integrations/add/$key", "integrations/$id"}
OF_COLLEAGUES = {"groups", "groups/$id", "members", "members/$id"}
"""At the provider nobody has any: what the permission shows there is oneself."""
OF_STAFF = {
    "privacy": StaffRole.PRIVACY_TEAM,
    "disputes": StaffRole.OPERATOR,
    "vendors": StaffRole.OPERATOR,
    "developers": StaffRole.VENDOR,
}
NEEDED = {
    "approvals": {P.MEMBERS_READ_DETAILS},
    "audit": {P.AUDIT_READ},
    "domains": {P.DOMAINS_READ},
    "domains/$id": {P.DOMAINS_READ},
    "domains/accounts": {P.DOMAINS_READ},
    "groups": {P.MEMBERS_READ},
    "groups/$id": {P.MEMBERS_READ},
    "integrations": {P.INTEGRATIONS_READ},
    "integrations/$id": {P.INTEGRATIONS_READ},
    "integrations/add": {P.INTEGRATIONS_MANAGE},
    "integrations/add/$key": {P.INTEGRATIONS_MANAGE},
    "invitations": {P.INVITATIONS_READ},
    "ledger": {P.LEDGER_READ},
    "map": {P.LEDGER_READ},
    "members": {P.MEMBERS_READ},
    "members/$id": {P.MEMBERS_READ},
    "members/import": {P.MEMBERS_UPDATE},
    "obligations": {P.INTEGRATIONS_READ},
    "provisioning": {P.PROVISIONING_READ},
    "recoveries": {P.MEMBERS_RECOVER, P.ACCOUNTS_RECOVER},
    "requests": {P.REQUESTS_READ},
    "requests/$id": {P.REQUESTS_READ, P.REQUESTS_DECIDE_ESCALATED},
    "settings": {P.ORGANISATION_READ},
    "sign-in": {P.SINGLE_SIGN_ON_READ},
    "sign-in/$id": {P.SINGLE_SIGN_ON_READ},
    "tasks": {P.TASKS_READ},
}
"""The permissions of which one lets somebody see a page."""
LED_TO = {"certificate", "domains/accounts", "integrations/add", "me/ask"}
"""What no navigation names, as pages of one object: other pages lead there."""


@dataclass(frozen=True)
class Viewer:
    """Who looks.

    Attributes:
        link: the printed link by which he or she is signed in.
        permissions: what the role gives.
        role: what the owner gives to the member for it; None where the person of the link has it.
        staff_role: among the provider's own people.
        is_customer: of the provider: who belongs to no organisation, staff too.
        has_asked: as a customer, and is known to the provider by that.
        home: where he or she begins.
    """

    link: str
    permissions: frozenset[Permission]
    role: str | None = None
    staff_role: StaffRole | None = None
    is_customer: bool = False
    has_asked: bool = False
    home: str = HARBOUR

    def pages(self) -> set[str]:
        """Return the pages that are this person's to see."""
        found = OF_EVERYBODY | {page for page, needed in NEEDED.items() if needed & self.permissions}
        found |= {page for page, role in OF_STAFF.items() if role is self.staff_role}
        if self.is_customer:
            return (found - OF_COLLEAGUES) | OF_ONESELF | ({"me"} if self.has_asked else set())
        if self.staff_role:
            return found
        return found | OF_MEMBERS | (set() if P.INTEGRATIONS_MANAGE in self.permissions else {"me/connections"})


def holding(role: Role, name: str | None = None) -> Viewer:
    return Viewer("member", ROLE_PERMISSIONS[role], name or role.name)


def staff_at_home(role: StaffRole) -> Viewer:
    permissions = STAFF_PERMISSIONS[role] | ROLE_PERMISSIONS[Role.CUSTOMER]
    return Viewer("privacy team", permissions, staff_role=role, is_customer=True, home=AT_HOME)


def customer(link: str, *, has_asked: bool) -> Viewer:
    permissions = ROLE_PERMISSIONS[Role.CUSTOMER]
    return Viewer(link, permissions, is_customer=True, has_asked=has_asked, home=AT_HOME)


TEAM = StaffRole.PRIVACY_TEAM
VIEWERS = {
    "owner": Viewer("owner", ROLE_PERMISSIONS[Role.ORG_OWNER]),
    "admin": Viewer("org admin", ROLE_PERMISSIONS[Role.ORG_ADMIN]),
    "officer": holding(Role.PRIVACY_OFFICER),
    "auditor": holding(Role.AUDITOR),
    "billing": holding(Role.BILLING_CONTACT),
    "technical": holding(Role.TECHNICAL_CONTACT),
    "administrative": holding(Role.ADMINISTRATIVE_CONTACT),
    "group owner": Viewer("group admin", ROLE_PERMISSIONS[Role.MEMBER]),
    "group admin": holding(Role.MEMBER, "GROUP_ADMIN"),
    "member": Viewer("member", ROLE_PERMISSIONS[Role.MEMBER]),
    "privacy team": Viewer("privacy team", STAFF_PERMISSIONS_ANYWHERE[TEAM], staff_role=TEAM),
    "team at home": staff_at_home(TEAM),
    "operator": staff_at_home(StaffRole.OPERATOR),
    "vendor": staff_at_home(StaffRole.VENDOR),
    "customer": customer("lena of no organisation", has_asked=False),
    "customer who asked": customer("omar of no organisation", has_asked=True),
}


@pytest.fixture(scope="module")
def world(demonstration_data: Path, browser: Browser) -> Iterator[World]:
    with world_in(demonstration_data) as world:
        world.sign_in(browser, "owner", prepare=lambda page: fill(page, world))
        for link in sorted({viewer.link for viewer in VIEWERS.values()} - {"owner"}):
            world.sign_in(browser, link, prepare=ask_provider if link == VIEWERS["customer who asked"].link else None)
        yield world


def ask_provider(page: Page) -> None:
    command(page, "submitRequest", organisation="provider", rights=[{"kind": "ACCESS"}], country="DE")


@pytest.fixture(scope="module")
def addresses(browser: Browser, world: World) -> dict[str, str]:
    with world.visit(browser, "owner") as page:
        return {pattern: address_of(pattern, page) for pattern in declared_pages()}


def given(owner: Page, role: str, *, is_taken_back: bool = False) -> None:
    """Give the member a role, in the organisation or in a group, or take it back."""
    person = id_of(owner, "members", "Mia Member")
    if role == "GROUP_ADMIN":
        group = id_of(owner, "groups", "Dispatch")
        role = "MEMBER" if is_taken_back else role
        command(owner, "setGroupRole", groupId=group, memberId=person, role=role)
    elif role != "MEMBER":
        command(owner, "withdrawRole" if is_taken_back else "assignRole", memberId=person, role=role)


def id_of(owner: Page, field: str, name: str) -> str:
    named = "displayName" if field == "members" else "name"
    edges = call(owner, f"{{ {field}(first: 50) {{ edges {{ node {{ id {named} }} }} }} }}")[field]["edges"]
    return next(edge["node"]["id"] for edge in edges if edge["node"][named] == name)


@pytest.fixture(params=VIEWERS, scope="module")
def viewer(request: pytest.FixtureRequest, browser: Browser, world: World) -> Iterator[Viewer]:
    """Somebody of each role, who has it as long as the tests of it run."""
    viewer = VIEWERS[request.param]
    # What the pages of others need made the one person of the staff an operator too.
    world.execute(
        f"delete from staff where role <> 'privacy_team'; update staff set role = '{viewer.staff_role or TEAM}'"
    )
    with world.visit(browser, "owner") as owner:
        if viewer.role:
            given(owner, viewer.role)
        yield viewer
        if viewer.role:
            given(owner, viewer.role, is_taken_back=True)
    world.execute(f"update staff set role = '{TEAM}'")


@contextmanager
def at(browser: Browser, world: World, viewer: Viewer) -> Iterator[Console]:
    with visiting(browser, world.running, world.states[viewer.link]) as console:
        console.open(viewer.home)
        yield console


def in_navigation(page: Page, home: str) -> dict[str, str]:
    """Return what the navigation calls the pages to which it leads, by their pattern."""
    links = page.get_by_role("navigation", name="Pages").get_by_role("link")
    found = {}
    for link in links.all():
        address = link.get_attribute("href")
        found[address.removeprefix(home).removeprefix("/console").strip("/")] = link.inner_text()
    return found


def in_palette(page: Page) -> list[str]:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("textbox", name="A page, a person's name, or an id")).to_be_focused()
    found = page.get_by_role("group", name="Pages").get_by_role("menuitem").all_inner_texts()
    page.keyboard.press("Escape")
    return found


def led_to(page: Page, home: str) -> set[str]:
    """Return the pages of this organisation, or of none, to which what the page shows leads."""
    links = page.locator("#main a[href^='/console']").evaluate_all("links => links.map(({ pathname }) => pathname)")
    here = [
        link.replace(home, HARBOUR) for link in links if link.startswith(home) or not link.startswith("/console/o/")
    ]
    return set(map(pattern_of, here))


def pattern_of(address: str) -> str:
    shapes = {pattern: re.sub(r"\\\$\w+", "[^/]+", re.escape(there)) for pattern, there in declared_pages().items()}
    matching = [pattern for pattern, shape in shapes.items() if re.fullmatch(shape, address)]
    return min(matching, key=lambda pattern: pattern.count("$"))


def test_navigation_and_palette_name_the_pages_of_the_role_and_each_opens_and_leads_to_no_others(
    browser, world, viewer
):
    with at(browser, world, viewer) as console:
        page = console.page
        named = in_navigation(page, viewer.home)
        assert set(named) == {pattern for pattern in viewer.pages() - LED_TO if "$" not in pattern}
        assert sorted(in_palette(page)) == sorted(named.values())
        for name in named.values():
            page.get_by_role("navigation", name="Pages").get_by_role("link", name=name, exact=True).click()
            console.settle()
            assert not any(page.locator("#main").get_by_role("alert").all_inner_texts()), name
            assert not page.title().startswith("There is no such page"), name
            assert led_to(page, viewer.home) <= viewer.pages(), name
        assert console.watch.complaints == []


def test_addresses_of_all_other_pages_read_like_one_that_is_none(browser, world, addresses, viewer):
    with at(browser, world, viewer) as console:
        unknown = {below: read(console, f"{below}/no-such-page") for below in (viewer.home, "/console")}
        for pattern in sorted(set(declared_pages()) - viewer.pages()):
            address = addresses[pattern].replace(HARBOUR, viewer.home)
            below = viewer.home if address.startswith(viewer.home) else "/console"
            assert read(console, address) == unknown[below], pattern


def read(console: Console, address: str) -> tuple[str, str]:
    page = console.open(address)
    return page.title(), page.locator("#main").inner_text()
