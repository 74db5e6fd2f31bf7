"""A PATCH of a group's people does what the library does, in the time of one look at each; others are bounded."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from scim2_models import Context, PatchOp, PayloadTooLargeException
from scim2_server.utils import parametrize

from tests.tenants.scim.directory import PATCH
from wardship.tenants.scim import patching
from wardship.tenants.scim.filters import LONGEST
from wardship.tenants.scim.groups import GroupModel
from wardship.tenants.scim.patching import FEW_OPERATIONS, patched
from wardship.tenants.scim.resources import PROVIDER
from wardship.tenants.scim.users import UserModel

A, B, C, D = (str(UUID(int=number << 64)) for number in (10, 11, 12, 13))
URN = "urn:ietf:params:scim:schemas:core:2.0:Group:"


def _group(*people):
    entries = [{"value": each, "$ref": f"Users/{each}", "type": "User"} for each in people]
    return GroupModel.model_validate({"displayName": "Team", "members": entries})


def _op(op, path=None, value=None):
    return {name: each for name, each in (("op", op), ("path", path), ("value", value)) if each is not None}


def _read(model, *operations):
    with PROVIDER:
        message = {"schemas": [PATCH], "Operations": list(operations)}
        return parametrize(PatchOp, model).model_validate(message, scim_ctx=Context.RESOURCE_PATCH_REQUEST)


def _people(group):
    return [each.value for each in group.members or ()]


OPERATIONS = {
    "add one": [_op("add", "members", [{"value": C}])],
    "add as object": [_op("Add", "members", {"value": C})],
    "add who is in it": [_op("add", "members", [{"value": A}])],
    "add twice": [_op("add", "members", [{"value": C}]), _op("add", "members", [{"value": C}, {"value": D}])],
    "remove by filter": [_op("remove", f'members[value eq "{A}"]')],
    "remove by comparison": [_op("remove", f'members.value eq "{A}"')],
    "remove by several": [_op("remove", f'members[value eq "{A}" or value eq "{B}"]')],
    "remove by value": [_op("Remove", "members", [{"value": A}])],
    "remove by nobody's value": [_op("remove", "members", [{"value": D}])],
    "remove all": [_op("remove", "members")],
    "by urn": [_op("remove", f'{URN}members[value eq "{B}"]')],
    "by another condition": [_op("remove", f'members[type eq "User" and value eq "{B}"]')],
    "replace": [_op("replace", "members", [{"value": D}, {"value": A}])],
    "replace by the same": [_op("replace", "members", [{"value": A}, {"value": B}])],
    "one after the other": [
        _op("add", "members", [{"value": C}]),
        _op("replace", "displayName", "Other"),
        _op("remove", f'members[value eq "{A}"]'),
        _op("replace", None, {"externalId": "x", "members": [{"value": D}]}),
        _op("add", "members", [{"value": A, "type": "User"}]),
    ],
    "nothing": [_op("replace", "displayName", "Team")],
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_people_of_a_group_become_those_that_the_library_would_leave(name):
    ours, theirs = _group(A, B), _group(A, B)
    operations = OPERATIONS[name]
    with PROVIDER:
        is_changed = patched(ours, _read(GroupModel, *operations))
        _read(GroupModel, *operations).patch(theirs)
    assert is_changed is (_held(theirs) != _held(_group(A, B)))
    assert _held(ours) == _held(theirs)


def _held(group):
    return set(_people(group)), group.display_name, group.external_id


def test_people_are_changed_as_a_set_and_not_by_the_library(monkeypatch):
    def by_library(*_):
        raise AssertionError("each such operation copies and compares the whole group")

    group, message = (
        _group(A, B),
        _read(
            GroupModel,
            _op("add", "members", [{"value": C}]),
            _op("remove", f'members[value eq "{A}"]'),
            _op("remove", "members", [{"value": B}]),
        ),
    )
    monkeypatch.setattr(PatchOp, "patch", by_library)
    assert patched(group, message)
    assert _people(group) == [C]


def test_identifier_is_the_same_in_capitals():
    group = _group(A, B)
    assert patched(group, _read(GroupModel, _op("remove", "members", [{"value": A.upper()}])))
    assert _people(group) == [B]


def test_operations_that_look_at_all_values_are_bounded_by_what_they_look_at(monkeypatch):
    monkeypatch.setattr(patching, "MOST_WORK", 100)
    few, many = _group(A), _group(*(str(UUID(int=number << 64)) for number in range(50)))
    operations = [_op("remove", f'members[display eq "{number}"]') for number in range(FEW_OPERATIONS + 1)]
    message = _read(GroupModel, *operations)
    with PROVIDER:
        assert not patched(few, message)
        with pytest.raises(PayloadTooLargeException):
            patched(many, message)


def test_operations_on_a_user_are_bounded():
    user = UserModel.model_validate({"userName": "ada"})
    titles = [_op("replace", "title", str(number)) for number in range(200)]
    with PROVIDER:
        assert patched(user, _read(UserModel, *titles[:100]))
        with pytest.raises(PayloadTooLargeException):
            patched(user, _read(UserModel, *titles))


@pytest.mark.anyio
async def test_too_much_for_one_request_is_refused_and_changes_nothing(directory, owner):
    made = await directory.add("ada")
    titles = [_op("replace", "title", str(number)) for number in range(10_000)]
    refused = await directory.patch(f"/Users/{made['id']}", *titles, status=413)
    assert "several" in refused["detail"]
    assert await owner.fetchval("select job_title from member where id = $1", UUID(made["id"])) == ""


@pytest.mark.anyio
async def test_long_filter_is_refused_before_it_is_read(directory, monkeypatch):
    def read(*_):
        raise AssertionError("it was read")

    monkeypatch.setattr("scim2_models.path.filter._parse_filter", read)
    wanted = " or ".join(['userName eq "a"'] * (LONGEST // 15))
    assert len(wanted) > LONGEST
    for method, path, body, query in (
        ("GET", "/Users", None, {"filter": wanted}),
        ("POST", "/Users/.search", {"filter": wanted}, {}),
        ("POST", "/.search", {"Filter": wanted}, {}),
        ("POST", "/.search/", json.loads(json.dumps({"filter": wanted, "FILTER": ""})), {}),
    ):
        refused = await directory.json(method, path, body, 400, **query)
        assert (refused["scimType"], "characters" in refused["detail"]) == ("invalidFilter", True)
