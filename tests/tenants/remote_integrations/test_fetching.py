"""A document is fetched from its address alone, judged, and followed as it changes; what lies changes nothing."""

from __future__ import annotations

import asyncio
import copy
import json
from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import access_for
from tests.plugins.host.servers import ok, raw_server, saying
from tests.tenants.operating import operating
from tests.tenants.remote_integrations.providing import Provider, seen
from tests.tenants.vendor_access.desk import make_vendor
from wardship.app.demo import letters
from wardship.app.demo.letters import KEY, Letters
from wardship.core.errors import InvalidInputError
from wardship.core.outbound.network import NetworkPolicy
from wardship.plugins.host.remote import LARGEST_DOCUMENT
from wardship.tenants.declarations import StaleDeclarationError
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.remote_integrations import fetching, probing
from wardship.tenants.remote_integrations.deciding import approve_remote_integration, end_remote_integration
from wardship.tenants.remote_integrations.fetching import fetch_document, fetch_documents
from wardship.tenants.remote_integrations.probing import fault_of_endpoint
from wardship.tenants.remote_integrations.read import use_of
from wardship.tenants.remote_integrations.registering import register_remote_integration

pytestmark = pytest.mark.anyio
JSON = b"content-type: application/json"
REMOTE_ID = UUID(int=7)


def document(**changes: object) -> bytes:
    """The vendor's document, with parts of the manifest replaced."""
    declared = copy.deepcopy(Letters().document("http://127.0.0.1:9/wardship"))
    declared["manifest"] |= changes
    return json.dumps(declared).encode()


def declaring(monkeypatch, **changes: object) -> None:
    """From now on the vendor's document says otherwise."""
    monkeypatch.setattr(letters, "_MANIFEST", letters._MANIFEST | changes)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (ok(b"{}", JSON), "Field required"),
        (ok(document(), b"content-type: text/html"), "served as text/html"),
        (ok(document()), "served as nothing"),
        (ok(b"x" * (LARGEST_DOCUMENT + 1), JSON), "larger than"),
        (ok(document()[:-1], JSON), "no JSON"),
        (ok(document(key="Not a key"), JSON), "manifest.key"),
        (b"HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n", "HTTP 404"),
        (b"HTTP/1.1 301 No\r\ncontent-length: 0\r\nlocation: http://10.0.0.1/\r\n\r\n", "not among the hosts"),
        (b"HTTP/1.1 302 No\r\ncontent-length: 0\r\nlocation: http://169.254.169.254/\r\n\r\n", "not among the hosts"),
        (b"HTTP/1.1 302 No\r\ncontent-length: 0\r\nlocation: https://vendor.example/\r\n\r\n", "not among the hosts"),
        (b"HTTP/1.1 302 No\r\ncontent-length: 0\r\nlocation: /again\r\n\r\n", "circles"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\ncontent-type: application/json\r\n\r\n{", "did not answer"),
        (b"nonsense\r\n\r\n", "did not answer"),
        (ok(b"", JSON, b"content-encoding: gzip"), "compressed"),
    ],
)
async def test_a_server_that_lies_is_told_what_is_wrong(answer, said):
    async with raw_server(saying(answer)) as server:
        judged = await fetch_document(NetworkPolicy.development(), REMOTE_ID, f"{server.url}/wardship.json")
    assert (judged.document, said in judged.fault) == (None, True), judged.fault


async def test_a_server_that_does_not_answer_is_not_waited_for(monkeypatch):
    over = asyncio.Event()

    async def never(_seen, _writer):
        await over.wait()

    monkeypatch.setattr(fetching, "FETCH_S", 0.05)
    async with raw_server(never) as server, asyncio.timeout(10):
        judged = await fetch_document(NetworkPolicy.development(), REMOTE_ID, server.url)
        over.set()
    assert "did not answer" in judged.fault


async def test_an_endpoint_that_does_not_answer_whether_it_is_back_is_not_waited_for(remote, services, monkeypatch):
    over = asyncio.Event()

    async def never(_seen, _writer):
        await over.wait()

    monkeypatch.setattr(probing, "PROBE_S", 0.05)
    async with raw_server(never) as server, asyncio.timeout(10):
        fault = await fault_of_endpoint(services, NetworkPolicy.development(), remote.id, server.url)
        over.set()
    assert ("the endpoint is not back: " in fault, server.connections) == (True, 1), fault


async def test_a_server_that_leads_on_and_on_is_followed_once():
    async def lead_on(seen, writer):
        path = seen.line.split(" ")[1]
        writer.write(f"HTTP/1.1 302 On\r\ncontent-length: 0\r\nlocation: {path}x\r\n\r\n".encode())
        await writer.drain()

    async with raw_server(lead_on) as server:
        judged = await fetch_document(NetworkPolicy.development(), REMOTE_ID, f"{server.url}/wardship.json")
    assert (judged.document, len(server.seen)) == (None, 2), judged.fault


async def test_what_has_declared_nothing_is_fetched_again_when_its_vendor_wants_it_alone(provider, clock):
    async with raw_server(saying(ok(b"{}", JSON))) as server:
        issued = await provider.register(f"{server.url}/wardship.json")
        assert (await provider.read(issued.remote.id)).state == "checking"
        seen = len(server.seen)
        clock.advance(timedelta(days=8))
        await provider.sweep()
        assert len(server.seen) == seen
        await provider.check(issued.remote.id)
        assert len(server.seen) > seen


async def test_a_document_is_fetched_by_one_worker_of_many(provider, services):
    async with raw_server(saying(ok(document(), JSON))) as server:
        async with provider.vendor() as access:
            await register_remote_integration(access, f"{server.url}/wardship.json")
        fetched = await asyncio.gather(*(fetch_documents(services) for _ in range(4)))
        assert (sorted(fetched), server.connections) == ([0, 0, 0, 1], 1)


async def test_what_a_worker_that_died_was_to_fetch_is_fetched_after_two_minutes(
    provider, services, clock, monkeypatch
):
    async def die(*_: object) -> None:
        raise asyncio.CancelledError

    async with raw_server(saying(ok(document(), JSON))) as server:
        async with provider.vendor() as access:
            issued = await register_remote_integration(access, f"{server.url}/wardship.json")
        with monkeypatch.context() as dying:
            dying.setattr(fetching, "fetch_document", die)
            await fetch_documents(services)
        assert await fetch_documents(services) == 0
        clock.advance(timedelta(minutes=2))
        assert await fetch_documents(services) == 1
    assert (await provider.read(issued.remote.id)).state == "requested"


async def test_a_name_of_an_inside_address_is_not_fetched():
    async with raw_server(saying(ok(document(), JSON))) as server:
        url = f"https://localhost:{server.port}/wardship.json"
        judged = await fetch_document(NetworkPolicy(), REMOTE_ID, url)
    assert (judged.document, server.connections) == (None, 0)
    assert "its address is not public" in judged.fault


async def test_the_key_of_a_package_is_refused(provider, server, services, monkeypatch):
    declaring(monkeypatch, key="recorder")
    issued = await provider.register(server.document_url)
    remote = await provider.read(issued.remote.id)
    assert (remote.state, remote.integration_key) == ("checking", None)
    assert "is the key of a package" in remote.fault
    assert services.integrations.get("recorder").form == "package"


async def test_the_key_of_another_vendor_is_refused_even_when_that_has_ended(provider, server, services, remote):
    other = Provider(services, await make_vendor(services, "victor@example.org"))
    issued = await other.register(server.document_url)
    assert "is the key of another remote integration" in (await provider.read(issued.remote.id)).fault
    async with provider.vendor() as access:
        await end_remote_integration(access, remote.id)
    found = await other.check(issued.remote.id)
    assert (found.state, "is the key of another" in found.fault) == ("checking", True)


async def test_two_that_register_one_key_at_the_same_moment_do_not_both_get_it(provider, server, services):
    other = Provider(services, await make_vendor(services, "victor@example.org"))
    ids = []
    for each in (provider, other):
        async with each.vendor() as access:
            ids.append((await register_remote_integration(access, server.document_url)).remote.id)
    await provider.sweep()
    states = [(await provider.read(each)).state for each in ids]
    assert sorted(states) == ["checking", "requested"]


async def test_the_key_of_what_was_installed_before_is_not_taken_over(provider, server, connections, owner):
    installation = await connections.connect("recorder")
    async with owner.transaction():
        await owner.execute("update installation set integration_key = $1 where id = $2", KEY, installation.id)
    issued = await provider.register(server.document_url)
    found = await provider.read(issued.remote.id)
    assert (found.state, "is in use here by another integration" in found.fault) == ("checking", True)


async def test_what_was_let_in_keeps_its_key_and_its_name(provider, remote, services, monkeypatch):
    for changes, said in (
        ({"key": "parcels"}, "manifest.key: it was registered as letters"),
        ({"name": "Your bank"}, "manifest.name: it was let in as Letters"),
        ({"vendor": letters._MANIFEST["vendor"] | {"legal_name": "Bank AG"}}, "manifest.vendor.legal_name"),
    ):
        with monkeypatch.context() as changed:
            declaring(changed, **changes)
            found = await provider.check(remote.id)
        assert (found.state, said in found.fault, found.name) == ("active", True, "Letters")
    assert services.integrations.require(KEY).manifest.name == "Letters"
    assert (await provider.check(remote.id)).fault == ""


async def test_what_is_let_in_is_what_was_read(provider, server, services, monkeypatch):
    """Whoever serves it could else declare another name between the look and the act."""
    issued = await provider.register(server.document_url)
    async with operating(services) as access:
        read = await seen(access, issued.remote.id)
    with monkeypatch.context() as changed:
        declaring(changed, name="Your bank")
        await provider.check(issued.remote.id)
    for accepted, error in ((read, StaleDeclarationError), ("no digest", InvalidInputError)):
        with pytest.raises(error):
            async with operating(services) as access:
                await approve_remote_integration(access, issued.remote.id, accepted)
    assert (await provider.read(issued.remote.id)).state == "requested"
    await provider.let_in(issued.remote.id)
    assert (await provider.read(issued.remote.id)).name == "Your bank"


async def test_one_that_is_let_in_again_is_what_was_read(provider, remote, services, monkeypatch):
    async with operating(services) as access:
        read = await seen(access, remote.id)
    await provider.suspend(remote.id)
    declaring(monkeypatch, receives=letters._MANIFEST["receives"][:1])
    await provider.check(remote.id)
    with pytest.raises(StaleDeclarationError):
        async with operating(services) as access:
            await approve_remote_integration(access, remote.id, read)
    assert (await provider.read(remote.id)).state == "suspended"


async def test_how_much_depends_on_it_is_counted_without_a_name(
    provider, remote, installation, services, admin, monkeypatch
):
    assert await _used(services) == (1, 1, 0)
    phone = letters._MANIFEST["receives"][1] | {"category": "user.contact.phone_number", "fields": ["phone"]}
    declaring(monkeypatch, version="2.0.0", receives=[*letters._MANIFEST["receives"], phone])
    await provider.check(remote.id)
    assert await _used(services) == (1, 1, 1)
    async with access_for(services, admin) as access:
        assert await use_of(access, [KEY]) == {}, "it is told at the provider alone"
        await uninstall(access, installation.id)
    assert await _used(services) == (1, 1, 1), "what is being taken away depends on it still"


async def _used(services) -> tuple[int, int, int]:
    async with operating(services) as access:
        found = (await use_of(access, [KEY]))[KEY]
    return found.organisations, found.installations, found.awaiting


async def test_a_document_is_fetched_again_once_a_day_and_the_present_one_stays_while_it_is_away(
    provider, remote, services, server, clock, monkeypatch
):
    declaring(monkeypatch, version="1.1.0")
    await provider.sweep()
    assert (await provider.read(remote.id)).version == "1.0.0"
    clock.advance(timedelta(days=1, hours=1))
    await provider.sweep()
    assert (await provider.read(remote.id)).version == "1.1.0"
    assert services.integrations.require(KEY).manifest.version == "1.1.0"
    monkeypatch.setattr("wardship.app.demo.letters_server._DOCUMENT", "/elsewhere")
    clock.advance(timedelta(days=1, hours=1))
    await provider.sweep()
    found = await provider.read(remote.id)
    assert (found.state, found.fault, found.faulty_since) == (
        "active",
        "the document can't be fetched: HTTP 404, not 200",
        clock.now(),
    )
    assert services.integrations.require(KEY).manifest.version == "1.1.0"
    assert server.vendor.heard == []


async def test_what_wants_more_waits_for_each_organisation(
    provider, remote, installation, connections, server, monkeypatch
):
    phone = letters._MANIFEST["receives"][1] | {"category": "user.contact.phone_number", "fields": ["phone"]}
    declaring(monkeypatch, version="2.0.0", receives=[*letters._MANIFEST["receives"], phone])
    await provider.check(remote.id)
    waiting = await connections.read(installation.id)
    assert (waiting.state, waiting.has_pending_declaration, waiting.integration_version) == (
        "needs_approval",
        True,
        "1.0.0",
    )
    await connections.work()
    assert all("phone" not in held for held in server.vendor.held.values())


async def test_what_wants_less_is_taken_up_at_once(provider, remote, installation, connections, monkeypatch):
    declaring(monkeypatch, version="2.0.0", receives=letters._MANIFEST["receives"][:1])
    await provider.check(remote.id)
    found = await connections.read(installation.id)
    assert (found.state, found.integration_version) == ("active", "2.0.0")


async def test_another_host_is_sent_nothing_before_it_is_approved(
    provider, remote, installation, connections, monkeypatch
):
    async with raw_server(saying(ok(b"{}", JSON))) as other:
        monkeypatch.setattr(
            Letters, "document", _pointing_to(f"http://127.0.0.1:{other.port}/wardship", Letters.document)
        )
        await provider.check(remote.id)
        assert (await connections.read(installation.id)).state == "needs_approval"
        await connections.pass_time(days=8)
        assert other.connections == 0


def _pointing_to(endpoint, made):
    return lambda self, _: made(self, endpoint)
