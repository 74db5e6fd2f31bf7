"""An administrator who gives an address that leads elsewhere is told so, and where to."""

from __future__ import annotations

import pytest

from tests.builders import access_for
from tests.fakes.dav_server import running_dav_server
from wardship.plugins.api import Verb
from wardship.tenants.obligations.read import list_obligations
from wardship.tenants.paging import PageRequest


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_collection_that_redirects_is_not_taken_and_the_reason_is_shown(connections, services, status):
    with running_dav_server("address_book") as dav:
        dav.moved_to, dav.moved_with = f"{dav.url}/new/", status
        installation = await connections.connect("address_book", settings=dav.public_settings | dav.secrets)
        assert installation.state != "active"
        assert {line.split()[0] for line in dav.requests} == {"PROPFIND"}, "nothing of anybody was sent"
        async with access_for(services, connections.admin) as access:
            page = await list_obligations(access, PageRequest(10), installation_id=installation.id)
        checks = [each for each in page.items if each.verb is Verb.CHECK]
        assert [each.state.value for each in checks] == ["failed", "manual"], "somebody has to mend the address"
        assert checks[0].outcome.detail == f"the address book has moved to {dav.url}/new/: enter that address"
