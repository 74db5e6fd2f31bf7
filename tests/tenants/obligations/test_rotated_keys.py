"""The secret key is rotated between a delivery and its erasure: what was seen under the old one is known again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import access_for
from tests.fakes.credulous import KEY, TOKEN, credulous, running_shelf
from wardship.core.keys import KeyRing
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.api import Verb
from wardship.plugins.host.dispatch import Dispatcher, DispatchLimits
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.obligations.proofs import derived_grade, read_proof

OLD, NEW = "the secret of before the rotation", "the secret of after the rotation"


def _under(services, keys: KeyRing):
    limits = DispatchLimits(network=NetworkPolicy.development())
    digests = {"digest": keys.keyed_digest("exchange"), "digests_before": keys.earlier_digests("exchange")}
    return replace(services, keys=keys, dispatcher=Dispatcher(services.integrations, services.clock, limits, **digests))


@pytest.fixture
async def rotated(connections, services, ada):
    """Members are shared under the old key, one is erased, and everything goes on under the new one."""
    with running_shelf() as shelf:
        services.integrations.register(credulous(), KEY)
        connections.services = _under(services, KeyRing(OLD))
        installation = await connections.connect(KEY, settings={"server_url": shelf.url, "token": TOKEN})
        async with access_for(connections.services, connections.admin) as access:
            await enqueue_for_member(access, ada.member_id, Verb.ERASE)
        await connections.work()
        async with access_for(connections.services, connections.admin) as access:
            await bring_in_line(access, [ada.member_id])
        await connections.work()
        connections.services = _under(services, KeyRing(NEW, [OLD]))
        yield installation


async def _proofs(owner, verb):
    rows = await owner.fetch(
        "select attestation::text as text from obligation where verb = $1 and created_at >= $2 order by created_at, id",
        verb,
        await owner.fetchval("select max(created_at) from obligation where verb = 'share'"),
    )
    return [read_proof(row["text"]) for row in rows]


@pytest.mark.usefixtures("rotated")
async def test_what_was_written_and_found_under_the_old_key_is_proven_to_be_gone(connections, owner, ada):
    async with access_for(connections.services, connections.admin) as access:
        await enqueue_for_member(access, ada.member_id, Verb.ERASE)
    await connections.pass_time(minutes=5)
    proof = (await _proofs(owner, "erase"))[-1]
    assert (proof.level, proof.basis) == ("probed", "absent_where_found")
    assert derived_grade(proof.basis, proof.evidence) == (proof.level, proof.basis), "from what is stored alone"


async def test_credential_that_was_accepted_under_the_old_key_is_proven_to_be_refused(rotated, connections, owner):
    async with access_for(connections.services, connections.admin) as access:
        await uninstall(access, rotated.id)
    await connections.pass_time(minutes=5)
    (proof,) = await _proofs(owner, "revoke")
    assert (proof.level, proof.basis) == ("probed", "credential_refused")
