"""When everything is revoked, people are named one by one only where one call can look after each of them."""

from __future__ import annotations

import pytest

from tests.builders import access_for
from wardship.plugins.api import Verb
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.obligations import call_arguments


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(("most", "named"), [(2, 2), (1, 0)])
async def test_few_are_named_and_many_are_everybody(connections, recording, services, monkeypatch, most, named):
    monkeypatch.setattr(call_arguments, "_MOST_NAMED", most)
    installation = await connections.connect()
    async with access_for(services, connections.admin) as access:
        await uninstall(access, installation.id)
    await connections.work()
    (revocation,) = [call.argument for call in recording.heard if call.verb is Verb.REVOKE]
    assert revocation.everything
    assert len(revocation.subjects) == named
    assert (await connections.read(installation.id)).state == "removed"
