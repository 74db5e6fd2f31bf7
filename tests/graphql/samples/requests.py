"""Samples of requests about one's own data."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

from tests.builders import NOW, access_for
from tests.graphql.calls import gid
from tests.graphql.crowd import key
from tests.graphql.sample import mutation, query
from tests.graphql.world import World
from wardship.core.identifiers import uuid7
from wardship.tenants.erasure.remainders import Remainder, SealedRemainder, keep_remainder
from wardship.tenants.erasure.snapshot import take_snapshot
from wardship.tenants.limitations.limits import Limitation, LimitationReason
from wardship.tenants.members.identifiers import Identifiers

DUE = NOW + timedelta(days=30)


async def _request(world: World, person: str, **columns: object) -> UUID:
    values = {
        "member_id": world.people[person].member_id,
        "submitted_at": NOW,
        "regime": "gdpr",
        "due_at": DUE,
        "original_due_at": DUE,
        "acknowledge_by": NOW + timedelta(hours=72),
        "decide_by": NOW + timedelta(days=7),
        "reference_hash": secrets.token_bytes(32),
        "identity_state": "verified",
        "identity_method": "second_factor",
        "identity_verified_at": NOW,
        "country": "DE",
    }
    return await world.insert("data_request", **(values | columns))


async def _right(world: World, request_id: UUID, kind: str, state: str, **columns: object) -> UUID:
    return await world.insert("request_right", request_id=request_id, kind=kind, state=state, **columns)


async def populate(world: World) -> None:
    """Requests in every stage: undecided, approved, escalated, not yet proven, scheduled, ended."""
    tag = world.organisation.name.split()[0]
    ids, admin = world.ids, world.people["admin"].member_id
    ids["request"] = await _request(world, "subject", extension_reason=f"{tag} takes long")
    details = f'{{"fields": {{"last_name": "{tag}"}}}}'
    ids["right"] = await _right(world, ids["request"], "correction", "with_admin", details=details)
    decided = {"decided_by": admin, "decided_at": NOW, "decision_code": "granted", "decision_reason": f"{tag} may"}
    ids["erasure"] = await _right(world, ids["request"], "erasure", "approved", **decided)
    escalated = {"handler": "privacy_team"}
    ids["escalated_request"] = await _request(world, "subject", **escalated)
    ids["escalated_right"] = await _right(
        world, ids["escalated_request"], "objection", "with_privacy_team", **escalated
    )
    ids["unproven_request"] = await _request(
        world, "member", identity_state="pending", identity_method="", identity_verified_at=None
    )
    ids["unproven_right"] = await _right(world, ids["unproven_request"], "access", "submitted")
    ids["scheduled_request"] = await _request(world, "member")
    ids["scheduled_right"] = await _right(
        world, ids["scheduled_request"], "erasure", "scheduled", scheduled_for=NOW + timedelta(days=14), **decided
    )
    await world.insert(
        "request_event", request_id=ids["request"], actor_kind="member", kind="submitted", reason=f"{tag} asked"
    )
    await _ended(world, tag)
    await _kept(world, tag)


async def _kept(world: World, tag: str) -> None:
    """An erasure that was carried out but for what a limitation keeps."""
    subject = world.people["subject"].member_id
    right_id = await _right(
        world,
        await _request(world, "subject", ended_at=NOW),
        "erasure",
        "partially_fulfilled",
        limitation=f"{tag} has to",
        limitations='[{"reason_code": "legal_duty", "categories": ["user.account"]}]',
        limitation_reasons=[f"{tag} has to"],
        ended_at=NOW,
    )
    named = Limitation(reason_code=LimitationReason.LEGAL_DUTY, categories=("user.account",))
    known = Identifiers(frozenset(), frozenset(), frozenset(), frozenset())
    sealed = SealedRemainder(known, {"job_title": f"{tag} title"}, {})
    async with access_for(world.services, world.people["admin"]) as access:
        kept = Remainder(
            right_id=right_id, member_id=subject, position=0, limitation=named, rows={"member": 1}, sealed=sealed
        )
        world.ids["remainder"] = await keep_remainder(access, kept)


async def _ended(world: World, tag: str) -> None:
    request_id = await _request(world, "member", ended_at=NOW)
    right_id = await _right(world, request_id, "access", "fulfilled", ended_at=NOW)
    await world.insert("certificate", request_id=request_id, reference_hash=request_id.bytes, jws=f"{tag}.certificate")
    await world.insert(
        "export_file",
        request_id=request_id,
        right_id=right_id,
        member_id=world.people["member"].member_id,
        media_type="application/zip",
        name=f"{tag}.zip",
        content=b"encrypted",
        content_sha256=secrets.token_bytes(32),
        expires_at=NOW + timedelta(days=7),
    )


@asynccontextmanager
async def _restricted(world: World) -> AsyncIterator[None]:
    restriction = await world.insert(
        "restriction",
        member_id=world.people["subject"].member_id,
        cause="disputed",
        request_id=world.ids["request"],
    )
    yield
    await world.owner.execute("delete from restriction where id = $1", restriction)


@asynccontextmanager
async def _granted(world: World, person: str = "subject", **columns: object) -> AsyncIterator[None]:
    """Somebody's restriction that was asked for."""
    world.ids["restriction"] = await world.insert(
        "restriction", member_id=world.people[person].member_id, cause="requested", **columns
    )
    yield
    await world.owner.execute("delete from restriction where id = $1", world.ids["restriction"])


def _own(world: World):
    return _granted(world, "member")


def _announced(world: World):
    return _granted(world, lift_at=NOW + timedelta(hours=72), lifted_reason="Checked.")


@asynccontextmanager
async def _deactivated(world: World) -> AsyncIterator[None]:
    """A member who has left at the own request, and still acts as an active one."""
    member = world.people["member"].member_id
    period = await world.insert(
        "grace_period",
        member_id=member,
        cause="requested",
        ends_at=NOW + timedelta(days=90),
        next_at=NOW + timedelta(days=60),
    )
    await world.owner.execute("update member set state = 'deactivated' where id = $1", member)
    yield
    await world.owner.execute("update member set state = 'active' where id = $1", member)
    await world.owner.execute("delete from grace_period where id = $1", period)


@asynccontextmanager
async def _previewed(world: World) -> AsyncIterator[None]:
    async with access_for(world.services, world.people["admin"]) as access:
        digest = (await take_snapshot(access, world.people["subject"].member_id)).digest
    preview = await world.insert(
        "preview",
        right_id=world.ids["erasure"],
        digest=digest,
        content="{}",
        made_by=world.people["admin"].member_id,
    )
    world.digests["erasure"] = digest.hex()
    await world.owner.execute("update request_right set state = 'previewed' where id = $1", world.ids["erasure"])
    yield
    await world.owner.execute("update request_right set state = 'approved' where id = $1", world.ids["erasure"])
    await world.owner.execute("delete from preview where id = $1", preview)


def _of(type_name: str, key: str, name: str, **more: object):
    return lambda world: {key: gid(type_name, world.ids[name]), **more}


def _on_request(name: str, **more: object):
    return _of("DataRequest", "requestId", name, **more)


def _on_right(name: str, **more: object):
    return _of("RequestRight", "rightId", name, **more)


def _on_remainder(**more: object):
    return _of("ErasureRemainder", "remainderId", "remainder", **more)


def _on_restriction(**more: object):
    return lambda world: {"restrictionId": gid("Restriction", world.ids.get("restriction", uuid7())), **more}


def _commit(world: World) -> dict[str, object]:
    return {"rightId": gid("RequestRight", world.ids["erasure"]), "digest": world.digests.get("erasure", "")}


def _extended() -> str:
    return (DUE + timedelta(days=30)).isoformat()


REQUEST_FIELDS = """id submittedAt regime dueAt handler identity escalationReason extensionReason endedAt
    complainTo { country name website } events { at kind by reason } exports { name path expiresAt } certificate
    member { displayName }
    rights { id kind state handler details decisionReason limitation isLimitationEnforced
        limitations { reasonCode reason categories } remainders { named rows until endedAt }
        scheduledFor outcome decidedBy { displayName }
        recipients { recipient verb state proof { level } } preview { digest tables { table rows } } }"""

SAMPLES = [
    query("requests", f"{{ requests {{ edges {{ node {{ {REQUEST_FIELDS} }} }} }} }}"),
    query("myRequests", f"{{ myRequests {{ edges {{ node {{ {REQUEST_FIELDS} }} }} }} }}"),
    query(
        "request",
        f"query($id: ID!) {{ request(id: $id) {{ {REQUEST_FIELDS} }} }}",
        lambda world: {"id": gid("DataRequest", world.ids["escalated_request"])},
    ),
    query("escalatedRequests", "{ escalatedRequests { edges { node { organisation requestId dueAt } } } }"),
    query(
        "requestProgress",
        f"subscription($id: ID!) {{ requestProgress(id: $id) {{ {REQUEST_FIELDS} }} }}",
        lambda world: {"id": gid("DataRequest", world.ids["escalated_request"])},
    ),
    query("requestTerms", '{ requestTerms(country: "DE") { country regime dueAt complainTo { name } } }'),
    mutation("submitRequest", "SubmitRequestInput", lambda _: {"rights": [{"kind": "RESTRICTION"}], "country": "DE"}),
    mutation("sendRequestCode", "RequestInput", _on_request("unproven_request")),
    mutation("verifyRequestIdentity", "VerifyRequestIdentityInput", _on_request("unproven_request")),
    mutation("withdrawRequest", "WithdrawRequestInput", _on_request("scheduled_request")),
    mutation("acknowledgeRequest", "RequestInput", _on_request("request")),
    mutation(
        "acknowledgeRequests",
        "RequestsInput",
        lambda world: {"requestIds": [gid("DataRequest", world.ids["request"])]},
    ),
    mutation("approveRight", "ApproveRightInput", _on_right("right", reason="Yes.")),
    mutation("refuseRight", "RefuseRightInput", _on_right("right", code="OTHER", reason="No.")),
    mutation("denyRight", "RefuseRightInput", _on_right("escalated_right", code="OTHER", reason="No.")),
    mutation("escalateRequest", "ReasonedRequestInput", _on_request("request", reason="Not ours.")),
    mutation("extendRequest", "ExtendRequestInput", _on_request("request", until=_extended(), reason="Archives.")),
    mutation("objectToRestriction", "ReasonedRequestInput", _on_request("request", reason="Wages."), _restricted),
    query("myRestrictions", "{ myRestrictions { id cause category state liftAt liftedAt liftedReason requestId } }"),
    mutation("liftMyRestriction", "RestrictionInput", _on_restriction(), _own),
    mutation("liftRestriction", "LiftRestrictionInput", _on_restriction(reason="Checked."), _granted),
    mutation("keepRestriction", "RestrictionInput", _on_restriction(), _announced),
    query("myGracePeriod", "{ myGracePeriod { memberId cause state endsAt warnings canReactivate requestId } }"),
    mutation(
        "reactivateMyMembership",
        "MemberInput",
        lambda world: {"memberId": world.id_of("Member", "member")},
        _deactivated,
    ),
    mutation("previewErasure", "RightInput", _on_right("erasure")),
    mutation("commitErasure", "CommitErasureInput", _commit, _previewed),
    mutation("readErasureFinds", "ReadErasureFindsInput", _on_right("erasure"), _previewed),
    mutation("decideErasureFinds", "DecideErasureFindsInput", _on_right("erasure", others="KEEP"), _previewed),
    mutation("eraseRemainder", "EraseRemainderInput", _on_remainder(reason="Over.")),
    mutation("readRemainder", "RemainderInput", _on_remainder()),
    mutation("cancelErasure", "CancelErasureInput", _on_right("scheduled_right", reason="A contract is open.")),
    mutation("waiveCoolingOff", "RightInput", _on_right("scheduled_right")),
]

KEYS = {"DataRequest": "r", "RequestRight": "t"}

CROWD = """
insert into data_request (organisation_id, id, created_at, member_id, submitted_at, country, regime, due_at,
        original_due_at, acknowledge_by, decide_by, reference_hash, identity_state, handler, late_since, ended_at)
    select organisation_id, key('r', place, n), at, asker, at, 'DE', 'gdpr', at + interval '30 days', at, at, at,
        sha256((place || ' ' || n)::bytea), 'verified', case when is_last then 'privacy_team' else 'admin' end,
        case when is_last then at end, case when not is_last and n > 10 then at end from number;
insert into request_right (organisation_id, id, created_at, request_id, kind, state, decided_by, ended_at, handler)
    select organisation_id, key('t', place, n), at, key('r', place, n), 'erasure',
        case when is_last then 'with_privacy_team' when n <= 10 then 'approved' else 'fulfilled' end, other,
        case when not is_last and n > 10 then at end, case when is_last then 'privacy_team' else 'admin' end
    from number;
insert into request_event (organisation_id, id, created_at, request_id, right_id, actor_kind, kind)
    select organisation_id, key('h', place, n), at, key('r', place, n), key('t', place, n), 'member', 'submitted'
    from number;
insert into preview (organisation_id, id, created_at, right_id, digest, content, made_by)
    select organisation_id, key('w', place, n), at, key('t', place, n), '', preview, other from number, fixed;
insert into erasure_find (organisation_id, id, created_at, right_id, digest, table_name, item_id, column_name, kind,
        rule, is_group, alike)
    select organisation_id, key('j', place, n), at, key('t', place, n), '', 'post', other, 'body', 'name', 'bare_word',
        false, 1 from number;
insert into erasure_remainder (organisation_id, id, created_at, right_id, member_id, position, reason_code, named, rows)
    select organisation_id, key('x', place, n), at, key('t', place, n), asker, 0, 'legal_duty', 'user.account', 1
    from number;
insert into restriction (organisation_id, id, created_at, member_id, cause, request_id, lifted_at)
    select organisation_id, key('y', place, n), at, asker, 'late', key('r', place, n),
        case when not is_last then at end from number;
insert into grace_period (organisation_id, id, created_at, member_id, cause, ends_at, next_at, state, ended_at)
    select organisation_id, key('v', place, n), at, member, 'removed', at, at,
        case when is_last or n <= 10 then 'running' else 'ended' end, case when not is_last and n > 10 then at end
    from number;
insert into certificate (organisation_id, id, created_at, request_id, jws, reference_hash)
    select organisation_id, key('z', place, n), at, key('r', place, n), 'a.b.c', sha256((place || ' ' || n)::bytea)
    from number;
insert into export_file (organisation_id, id, created_at, request_id, right_id, member_id, media_type, name,
        content_sha256, expires_at)
    select organisation_id, key('q', place, n), at, key('r', place, n), key('t', place, n), asker, 'application/zip',
        'a.zip', '', at from number;
"""

FILTERS = {
    "Query.requestTerms(country)": ('country: "DE"',),
    "Query.requestTerms(workCountry)": ('workCountry: "FR"',),
    "Query.requests(isOpen)": ("isOpen: true", "isOpen: false"),
    "Query.requests(memberId)": (f'memberId: "{gid("Member", key("m", 1))}"',),
    "Query.requests(orderBy: DUE)": ("orderBy: DUE", "orderBy: DUE, isOpen: true", "orderBy: DUE, isOpen: false"),
    "Query.requests(orderBy: SUBMITTED)": ("orderBy: SUBMITTED",),
    "Query.requests(where.dueBefore)": (
        'where: { dueBefore: "2027-01-01T00:00:00Z" }',
        'where: { dueBefore: "2027-01-01T00:00:00Z" }, isOpen: true',
    ),
    "Query.requests(where.handler)": (
        "where: { handler: PRIVACY_TEAM }",
        "where: { handler: PRIVACY_TEAM }, orderBy: DUE",
        "where: { handler: ADMIN }",
    ),
    "Query.requests(where.isLate)": ("where: { isLate: true }", "where: { isLate: true }, isOpen: true"),
    "Query.requests(where.kinds)": (
        "where: { kinds: [ERASURE] }, isOpen: true",
        "where: { kinds: [ACCESS] }, isOpen: true, orderBy: DUE",
    ),
    "Query.requests(where.states)": (
        "where: { states: [WITH_PRIVACY_TEAM] }, isOpen: true",
        f'where: {{ states: [FULFILLED], kinds: [ERASURE] }}, memberId: "{gid("Member", key("m", 1))}"',
    ),
    "Query.requests(withPrivacyTeam)": ("withPrivacyTeam: true", "withPrivacyTeam: true, isOpen: true"),
}
