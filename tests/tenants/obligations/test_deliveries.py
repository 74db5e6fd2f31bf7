"""The delivery log, and trying again: each attempt in codes and times, seen by who may, and nothing done twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import access_for, make_member, make_organisation
from tests.connecting import Connections
from tests.fakes.recorder import recorder
from tests.tenants.operating import operating
from tests.tenants.vendor_access.desk import make_client, make_vendor, vendor_actor
from wardship.core.actor import PROVIDER_ID, Role
from wardship.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError
from wardship.plugins.api import Outcome, Rejected, TemporarilyUnavailable, Verb
from wardship.tenants.installation_lifecycle.lifecycle import pause
from wardship.tenants.installations.authority import visible_installation
from wardship.tenants.obligations.attempts import MOST_ATTEMPTS
from wardship.tenants.obligations.deliveries import DeliveryRecord, deliveries_by_installation, list_vendor_deliveries
from wardship.tenants.obligations.for_member import bring_in_line, enqueue_for_member
from wardship.tenants.obligations.read import ObligationRecord
from wardship.tenants.obligations.retrying import DeliveryNotRetryableError, retry_delivery
from wardship.tenants.obligations.states import ObligationState
from wardship.tenants.paging import PageRequest
from wardship.tenants.tasks.tasks import TaskState, list_tasks
from wardship.tenants.vendor_clients.change import approve_vendor_client, suspend_vendor_client

pytestmark = pytest.mark.anyio
RETRIED = "select count(*) from audit_entry where entry::jsonb ->> 'action' = 'obligation.retried'"


def closed(_: object) -> Outcome:
    raise TemporarilyUnavailable("the mail room is closed for ada@example.org")


def refused(_: object) -> Outcome:
    raise Rejected("not this one")


async def page_of_log(services, actor, installation, request=None, states=()):
    async with access_for(services, actor) as access:
        await visible_installation(access, installation.id)
        found = await deliveries_by_installation(access, [installation.id], request or PageRequest(50), states)
    return found[installation.id]


async def log(services, actor, installation, states=()) -> list[DeliveryRecord]:
    return (await page_of_log(services, actor, installation, states=states)).items


async def owe(services, admin, member, verb: Verb):
    async with access_for(services, admin) as access:
        await enqueue_for_member(access, member.member_id, verb)


async def of(verb: Verb, services, admin, installation) -> DeliveryRecord:
    (owed,) = [each for each in await log(services, admin, installation) if each.verb is verb]
    return owed


async def retry(services, actor, owed) -> ObligationRecord:
    async with access_for(services, actor) as access:
        return await retry_delivery(access, owed.id)


async def snapshot(owner) -> str:
    return await owner.fetchval(
        "select md5(string_agg(o::text, '|' order by id)) || (select count(*) from audit_entry) from obligation o"
    )


@pytest.fixture
async def failing(connections, recording, services, admin, ada):
    """An installation whose vendor is closed for erasures, and the one that is owed there, tried once."""
    installation = await connections.connect()
    recording.always[Verb.ERASE] = closed
    await owe(services, admin, ada, Verb.ERASE)
    await connections.work()
    return installation, await of(Verb.ERASE, services, admin, installation)


async def given_up(services, connections, clock, admin, installation) -> DeliveryRecord:
    owed = await of(Verb.ERASE, services, admin, installation)
    clock.advance(owed.due_at - clock.now())
    await connections.work()
    owed = await of(Verb.ERASE, services, admin, installation)
    assert owed.state == "manual"
    return owed


async def test_each_attempt_is_kept_with_its_end_and_when_the_next_is(failing, connections, services, admin, clock):
    installation, first = failing
    clock.advance(first.next_at - clock.now())
    await connections.work()
    owed = await of(Verb.ERASE, services, admin, installation)
    assert [(each.number, each.status, each.code) for each in owed.attempts] == [
        (1, "failed", "unavailable"),
        (2, "failed", "unavailable"),
    ]
    assert owed.attempts[0] == first.attempts[0]
    assert owed.attempts[0].next_at == first.next_at == owed.attempts[1].at == owed.tried_at
    assert owed.attempts[1].next_at == owed.next_at
    assert owed.detail == "the mail room is closed for [cut]"


async def test_attempts_hold_no_words_and_are_bounded(failing, connections, services, admin, clock, owner):
    installation, owed = failing
    for _ in range(MOST_ATTEMPTS + 3):
        clock.advance(owed.next_at - clock.now())
        await connections.work()
        owed = await of(Verb.ERASE, services, admin, installation)
    assert len(owed.attempts) == MOST_ATTEMPTS
    assert [each.number for each in owed.attempts] == [1, *range(owed.attempt - MOST_ATTEMPTS + 2, owed.attempt + 1)]
    kept = await owner.fetchval("select attempts::text from obligation where id = $1", owed.id)
    assert "mail room" not in kept


async def test_log_shows_the_last_tried_first_in_pages_and_by_state(
    connections, recording, services, admin, database, acme, clock
):
    installation = await connections.connect()
    people = [await make_member(database, acme, name=name) for name in ("Ada", "Grace", "Mary")]
    for person in people:
        clock.advance(timedelta(minutes=1))
        async with access_for(services, admin) as access:
            await bring_in_line(access, [person.member_id])
        await connections.work()
    recording.always[Verb.ERASE] = closed
    await owe(services, admin, people[0], Verb.ERASE)
    await connections.work()
    found = await log(services, admin, installation)
    assert [each.tried_at for each in found] == sorted((each.tried_at for each in found), reverse=True)
    assert found[0].verb is Verb.ERASE
    pages, after = [], None
    while True:
        page = await page_of_log(services, admin, installation, PageRequest(2, after))
        pages += page.items
        if not page.has_next:
            break
        after = (page.items[-1].tried_at, page.items[-1].id)
    assert [each.id for each in pages] == [each.id for each in found]
    waiting = await log(services, admin, installation, states=[ObligationState.PENDING])
    assert [each.id for each in waiting] == [found[0].id]


async def test_log_of_another_organisation_is_empty_by_the_database(failing, services, database):
    installation, _ = failing
    theirs = await make_member(database, await make_organisation(database, "other"), Role.ORG_ADMIN, name="Otto")
    async with access_for(services, theirs) as access:
        found = await deliveries_by_installation(access, [installation.id], PageRequest(50))
    assert found[installation.id].items == []


async def test_what_waits_is_tried_now_and_twice_is_once(
    failing, connections, recording, services, admin, clock, owner
):
    installation, owed = failing
    assert owed.next_at > clock.now()
    now = await retry(services, admin, owed)
    assert (now.id, now.state, now.next_at) == (owed.id, "pending", clock.now())
    assert (await retry(services, admin, owed)).next_at == clock.now()
    assert await owner.fetchval(RETRIED) == 1
    recording.always.clear()
    await connections.work()
    owed = await of(Verb.ERASE, services, admin, installation)
    assert (owed.state, owed.attempt) == ("completed", 2)


async def test_what_trying_had_given_up_goes_back_from_the_person_and_to_the_person_again(
    failing, connections, recording, services, admin, clock
):
    installation, _ = failing
    owed = await given_up(services, connections, clock, admin, installation)
    tried = await retry(services, admin, owed)
    assert (tried.state, tried.next_at) == ("pending", clock.now())
    async with access_for(services, admin) as access:
        (task,) = (await list_tasks(access, PageRequest(10))).items
    assert task.state is TaskState.CANCELLED
    await connections.work()
    async with access_for(services, admin) as access:
        (again,) = (await list_tasks(access, PageRequest(10))).items
    assert (again.id, again.state) == (task.id, TaskState.OPEN)
    recording.always.clear()
    await retry(services, admin, owed)
    await connections.work()
    assert (await of(Verb.ERASE, services, admin, installation)).state == "completed"


async def test_what_has_failed_stays_so_and_is_owed_anew_once(connections, recording, services, admin, ada, owner):
    installation = await connections.connect()
    recording.always[Verb.SHARE] = refused
    async with access_for(services, admin) as access:
        await bring_in_line(access, [ada.member_id])
    await connections.work()
    failed = [each for each in await log(services, admin, installation) if each.state == "failed"]
    assert failed
    recording.always.clear()
    anew = await retry(services, admin, failed[0])
    assert (anew.id != failed[0].id, anew.verb, anew.member_id, anew.state) == (
        True,
        Verb.SHARE,
        failed[0].member_id,
        "pending",
    )
    assert (await retry(services, admin, failed[0])).id == anew.id
    assert await owner.fetchval("select count(*) from obligation where verb = 'share' and ended_at is null") == 1
    await connections.work()
    states = {each.id: each.state for each in await log(services, admin, installation)}
    assert (states[failed[0].id], states[anew.id]) == ("failed", "completed")


async def test_what_has_ended_is_not_tried_again(failing, connections, recording, services, admin, owner):
    _, owed = failing
    recording.always.clear()
    await retry(services, admin, owed)
    await connections.work()
    before = await snapshot(owner)
    with pytest.raises(DeliveryNotRetryableError, match="It has ended"):
        await retry(services, admin, owed)
    assert await snapshot(owner) == before


async def test_what_a_person_has_to_do_is_not_taken_away(services, admin, ada, owner):
    by_hand = recorder("byhand", supports={"erase": "manual", "revoke": "manual", "attest": "none"})
    services.integrations.register(by_hand, "byhand")
    connections = Connections(services, admin)
    installation = await connections.connect("byhand")
    await owe(services, admin, ada, Verb.ERASE)
    await connections.work()
    owed = await of(Verb.ERASE, services, admin, installation)
    assert owed.state == "manual"
    before = await snapshot(owner)
    with pytest.raises(DeliveryNotRetryableError, match="complete its task"):
        await retry(services, admin, owed)
    assert await snapshot(owner) == before


async def test_a_paused_integration_is_resumed_first(connections, recording, services, admin, ada, owner):
    installation = await connections.connect()
    recording.always[Verb.SHARE] = refused
    async with access_for(services, admin) as access:
        await bring_in_line(access, [ada.member_id])
    await connections.work()
    owed = (await log(services, admin, installation, states=[ObligationState.FAILED]))[0]
    async with access_for(services, admin) as access:
        await pause(access, installation.id)
    before = await snapshot(owner)
    with pytest.raises(DeliveryNotRetryableError, match="paused"):
        await retry(services, admin, owed)
    assert await snapshot(owner) == before


async def test_who_may_not_manage_it_retries_nothing(failing, services, database, acme, owner, ada):
    _, owed = failing
    auditor = await make_member(database, acme, Role.AUDITOR, name="Rita")
    theirs = await make_member(database, await make_organisation(database, "rival"), Role.ORG_ADMIN, name="Otto")
    before = await snapshot(owner)
    for actor, refusal in ((auditor, PermissionDeniedError), (ada, NotFoundError), (theirs, NotFoundError)):
        with pytest.raises(refusal):
            await retry(services, actor, owed)
    assert await snapshot(owner) == before


async def vendors_log(services, account_id, *, after=None, **asked):
    async with access_for(services, vendor_actor(services, account_id)) as access:
        return (await list_vendor_deliveries(access, PageRequest(50, after), **asked)).items


async def test_vendor_sees_its_own_integrations_in_all_organisations_and_no_person(
    failing, services, recording, database, ada, acme
):
    installation, owed = failing
    recording.always.clear()
    rival = await make_organisation(database, "rival")
    theirs = await make_member(database, rival, Role.ORG_ADMIN, name="Otto")
    other = Connections(services, theirs)
    at_rival = await other.connect()
    vera = await make_vendor(services)
    await make_client(services, vera)
    found = await vendors_log(services, vera)
    assert {each.installation_id for each in found} == {installation.id, at_rival.id}
    (seen,) = [each for each in found if each.id == owed.id]
    assert (seen.verb, seen.state, seen.code) == (Verb.ERASE, "pending", "unavailable")
    assert seen.detail == "the mail room is closed for [cut]"
    assert seen.attempts == owed.attempts
    told = repr([[getattr(each, name) for name in each.__class__.__annotations__] for each in found])
    for person in (str(ada.member_id), str(acme.id), str(rival.id), "Otto"):
        assert person not in told
    alone = await vendors_log(services, vera, installation=str(at_rival.id))
    assert {each.installation_id for each in alone} == {at_rival.id}
    assert [each.id for each in await vendors_log(services, vera, states=[ObligationState.PENDING])] == [owed.id]
    assert [each.tried_at for each in found] == sorted((each.tried_at for each in found), reverse=True)


@pytest.mark.usefixtures("failing")
async def test_vendor_of_another_integration_or_without_an_active_client_sees_nothing(services):
    vera, victor = await make_vendor(services), await make_vendor(services, "victor@example.org")
    issued = await make_client(services, vera, is_approved=False)
    assert await vendors_log(services, vera) == []
    async with operating(services) as access:
        await approve_vendor_client(access, issued.client.id)
    assert await vendors_log(services, vera) != []
    assert await vendors_log(services, victor) == []
    async with operating(services) as access:
        await suspend_vendor_client(access, issued.client.id)
    assert await vendors_log(services, vera) == []


SERVED = """
insert into remote_integration (organisation_id, id, created_at, account_id, url, state, state_since, integration_key,
        document, is_admitted)
    values ($1, gen_random_uuid(), now(), $2, 'https://vendor.example/wardship.json', 'active', now(), $3, '{}', $4)
"""


@pytest.mark.usefixtures("failing")
async def test_vendor_sees_what_it_serves_itself_once_it_is_let_in(services, owner):
    vera, victor = await make_vendor(services), await make_vendor(services, "victor@example.org")
    key = await owner.fetchval("select integration_key from installation")
    await owner.execute(SERVED, PROVIDER_ID, vera, key, False)
    assert await vendors_log(services, vera) == []
    await owner.execute("update remote_integration set is_admitted = true")
    assert await vendors_log(services, vera) != []
    assert await vendors_log(services, victor) == []
    for state in ("suspended", "ended"):
        await owner.execute("update remote_integration set state = $1", state)
        assert await vendors_log(services, vera) == []


@pytest.mark.usefixtures("failing")
async def test_who_is_no_vendor_asks_in_vain_and_the_database_answers_the_provider_alone(services, admin):
    vera = await make_vendor(services)
    await make_client(services, vera)
    async with access_for(services, admin) as access:
        with pytest.raises(PermissionDeniedError):
            await list_vendor_deliveries(access, PageRequest(10))
        rows = await access.transaction.fetch(
            "select * from vendor_deliveries($1, $2, null, null, null, 10)", vera, ["pending"]
        )
    assert rows == []


async def test_an_installation_is_named_by_an_id(services):
    vera = await make_vendor(services)
    with pytest.raises(InvalidInputError, match="as your connector knows it"):
        await vendors_log(services, vera, installation="acme")
