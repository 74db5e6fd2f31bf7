"""What is asked of the servers: the same of each, in the words of its own schema."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bench import peer
from bench.data import LINKS, MEMBERSHIPS, Caller
from bench.load import Request, WrongAnswerError, post, send_once
from wardship.graphql.api.identifiers import global_id

PAGE = 50

_OURS = {
    "nested page": """
query Page($first: Int!, $after: String) {
  members(first: $first, after: $after) {
    edges { cursor node {
      id createdAt displayName firstName lastName email state
      groups(first: 20) { edges { node { id name kind } } pageInfo { hasNextPage } }
      holdings(first: 20) {
        edges { node { state since installation { integrationKey state } } } pageInfo { hasNextPage }
      }
    } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}""",
    "small read": "query One($id: ID!) { member(id: $id) { id displayName email } }",
    "mutation": """
mutation Change($title: String!) {
  updateMyProfile(input: { profile: { title: $title } }) { member { id title } errors { code } }
}""",
}

_PEER = {
    "nested page": """
query Page($first: Int!, $organisation: UUID!) {
  allMembers(
    first: $first, condition: { organisationId: $organisation, state: "active" }, orderBy: [CREATED_AT_ASC, ROW_ID_ASC]
  ) {
    edges { cursor node {
      id createdAt displayName firstName lastName email state
      groupMembershipsByOrganisationIdAndMemberId(first: 20, orderBy: [CREATED_AT_ASC, ROW_ID_ASC]) {
        edges { node { userGroupByOrganisationIdAndGroupId { id name kind } } } pageInfo { hasNextPage }
      }
      subjectLinksByOrganisationIdAndMemberId(first: 20, orderBy: [PRIMARY_KEY_ASC]) {
        edges { node { state createdAt installationByOrganisationIdAndInstallationId { integrationKey state } } }
        pageInfo { hasNextPage }
      }
    } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}""",
    "small read": """
query One($id: UUID!, $organisation: UUID!) {
  memberByOrganisationIdAndRowId(organisationId: $organisation, rowId: $id) { id displayName email }
}""",
    "mutation": """
mutation Change($id: UUID!, $title: String!) {
  benchUpdateMemberProfile(input: { memberId: $id, title: $title }) { result { id title } }
}""",
}

_DUTIFUL_PEER = _PEER | {
    "mutation": """
mutation Change($title: String!) {
  benchDutiesChangeOwnProfile(input: { title: $title }) { result { id title } }
}""",
}

OPERATIONS = tuple(_OURS)


@dataclass(frozen=True, slots=True)
class Asked:
    """One operation, ready to be sent, and the answer that it got at first.

    Attributes:
        facts: what the answer tells, in a form that does not depend on the schema.
        size: bytes of the answer.
    """

    request: Request
    facts: object
    size: int


def our_body(operation: str, caller: Caller, *, after: str | None = None) -> bytes:
    """Return the body of a request to Wardship; the nested page begins after a cursor."""
    variables: dict[str, Mapping[str, object]] = {
        "nested page": {"first": PAGE, "after": after},
        "small read": {"id": global_id("Member", caller.member_id)},
        "mutation": {"title": "Professor"},
    }
    return json.dumps({"query": _OURS[operation], "variables": variables[operation]}).encode()


def our_headers(caller: Caller) -> dict[str, str]:
    """Return the headers of a request to Wardship: a personal access token, which names the organisation."""
    return {"Authorization": f"Bearer {caller.token}"}


async def ask_ours(port: int, operation: str, caller: Caller, *, after: str | None = None) -> Asked:
    """Return an operation on Wardship that was seen to answer."""
    message = post(port, "/graphql", our_body(operation, caller, after=after), our_headers(caller))
    return await _asked(port, message, operation, _our_facts)


async def ask_peer(port: int, operation: str, caller: Caller) -> Asked:
    """Return an operation on PostGraphile as it comes that was seen to answer; it believes who names the tenant."""
    body = _peer_body(_PEER[operation], operation, caller)
    message = post(port, peer.PATH, body, {"X-Organisation": str(caller.organisation_id)})
    return await _asked(port, message, operation, _peer_facts)


async def ask_dutiful_peer(port: int, operation: str, caller: Caller) -> Asked:
    """Return an operation on PostGraphile with the same duties that was seen to answer; it is shown the same token."""
    body = _peer_body(_DUTIFUL_PEER[operation], operation, caller)
    return await _asked(port, post(port, peer.PATH, body, our_headers(caller)), operation, _peer_facts)


def _peer_body(document: str, operation: str, caller: Caller) -> bytes:
    tenant = str(caller.organisation_id)
    variables: dict[str, Mapping[str, object]] = {
        "nested page": {"first": PAGE, "organisation": tenant},
        "small read": {"id": str(caller.member_id), "organisation": tenant},
        "mutation": {"id": str(caller.member_id), "title": "Professor"},
    }
    return json.dumps({"query": document, "variables": variables[operation]}).encode()


def require_equal(operation: str, ours: Asked, theirs: Asked) -> None:
    """Refuse to compare two servers that do not tell the same.

    Raises:
        WrongAnswerError: they don't.
    """
    if ours.facts != theirs.facts:
        raise WrongAnswerError(f"The two answers to the {operation} differ: {ours.facts!r} and {theirs.facts!r}.")


async def _asked(port: int, message: bytes, operation: str, facts: Callable[[str, dict[str, Any]], object]) -> Asked:
    body = await send_once(port, message)
    answer = json.loads(body)
    if answer.get("errors") or not answer.get("data"):
        raise WrongAnswerError(f"The {operation} was refused: {str(answer.get('errors') or answer)[:2000]}")
    return Asked(Request(message, _same_as(body)), facts(operation, answer["data"]), len(body))


def _same_as(expected: bytes) -> Callable[[bytes], None]:
    def check(body: bytes) -> None:
        if body != expected:
            raise WrongAnswerError(f"An answer differs from the first one: {body[:500]!r}")

    return check


def _our_facts(operation: str, data: dict[str, Any]) -> object:
    match operation:
        case "nested page":
            return [
                (
                    _person(edge["node"]),
                    [group["node"]["name"] for group in edge["node"]["groups"]["edges"]],
                    [hold["node"]["installation"]["integrationKey"] for hold in edge["node"]["holdings"]["edges"]],
                )
                for edge in data["members"]["edges"]
            ]
        case "small read":
            return data["member"]["displayName"], data["member"]["email"]
        case _:
            return data["updateMyProfile"]["member"]["title"], data["updateMyProfile"]["errors"]


def _peer_facts(operation: str, data: dict[str, Any]) -> object:
    match operation:
        case "nested page":
            return [_peer_member(edge["node"]) for edge in data["allMembers"]["edges"]]
        case "small read":
            member = data["memberByOrganisationIdAndRowId"]
            return member["displayName"], member["email"]
        case _:
            (changed,) = data.values()
            return changed["result"]["title"], []


def _peer_member(node: dict[str, Any]) -> tuple[object, list[str], list[str]]:
    groups = node["groupMembershipsByOrganisationIdAndMemberId"]["edges"]
    links = node["subjectLinksByOrganisationIdAndMemberId"]["edges"]
    return (
        _person(node),
        [edge["node"]["userGroupByOrganisationIdAndGroupId"]["name"] for edge in groups],
        [edge["node"]["installationByOrganisationIdAndInstallationId"]["integrationKey"] for edge in links],
    )


def _person(node: dict[str, Any]) -> tuple[str, ...]:
    return tuple(node[name] for name in ("displayName", "firstName", "lastName", "email"))


def require_whole_page(page: Asked, members: int) -> None:
    """Refuse a page that is not as full as the data makes it.

    Raises:
        WrongAnswerError: members, groups or integrations are missing.
    """
    assert isinstance(page.facts, list)  # noqa: S101 - as made above
    counts = [(len(groups), len(holders)) for _, groups, holders in page.facts]
    if counts != list(itertools.repeat((MEMBERSHIPS, LINKS), min(PAGE, members))):
        raise WrongAnswerError(f"The nested page lacks something: it has groups and integrations {counts}.")
