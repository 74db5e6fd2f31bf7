"""Role and credential both have to allow an act."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import timedelta
from unicodedata import category

import pytest

from tests.builders import NOW
from tests.fixed_clock import FixedClock
from wardship.core.actor import PROVIDER_ID, Actor, CredentialKind, Role, StaffRole, system_actor
from wardship.core.errors import InvalidInputError, PermissionDeniedError
from wardship.core.identifiers import uuid7
from wardship.tenants.access import Access, InsufficientScopeError, StepUpRequiredError
from wardship.tenants.paging import PageRequest, page_of
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import (
    RANK,
    ROLE_PERMISSIONS,
    STAFF_PERMISSIONS,
    STAFF_PERMISSIONS_ANYWHERE,
    WRITE_PERMISSIONS,
    Permission,
)
from wardship.tenants.text import many_lines, one_line, web_address


class _Services:
    clock = FixedClock(NOW)


def _access(*roles: Role, **changes) -> Access:
    session = CredentialKind.SESSION
    actor = Actor(uuid7(), uuid7(), uuid7(), frozenset(roles), session, stepped_up_at=NOW)
    return Access(replace(actor, **changes), None, _Services(), "test-request")


def test_auditor_and_contacts_change_nothing():
    for role in (Role.AUDITOR, Role.MEMBER, Role.BILLING_CONTACT, Role.TECHNICAL_CONTACT, Role.ADMINISTRATIVE_CONTACT):
        assert ROLE_PERMISSIONS[role] & WRITE_PERMISSIONS == frozenset(), role


def test_every_role_has_permissions_and_a_rank():
    assert set(ROLE_PERMISSIONS) == set(RANK) == set(Role)
    assert max(RANK, key=RANK.__getitem__) is Role.ORG_OWNER
    assert ROLE_PERMISSIONS[Role.ORG_ADMIN] < ROLE_PERMISSIONS[Role.ORG_OWNER]


PRIVACY_TEAM = frozenset({StaffRole.PRIVACY_TEAM})
OPERATOR = frozenset({StaffRole.OPERATOR})


def test_staff_sees_no_members_of_an_organisation():
    seeing = {Permission.MEMBERS_READ, Permission.CONTENT_READ_ALL, Permission.AUDIT_READ}
    for role in StaffRole:
        staff = _access(staff_roles=frozenset({role}), member_id=None)
        assert staff.permissions == STAFF_PERMISSIONS_ANYWHERE[role]
        assert not staff.permissions & seeing


def test_powers_of_staff_hold_at_the_provider_alone():
    powers = {Permission.ORGANISATIONS_MANAGE, Permission.STAFF_MANAGE, Permission.ACCOUNTS_RECOVER}
    both = PRIVACY_TEAM | OPERATOR
    at_home = _access(staff_roles=both, member_id=None, organisation_id=PROVIDER_ID)
    assert at_home.permissions == STAFF_PERMISSIONS[StaffRole.PRIVACY_TEAM] | STAFF_PERMISSIONS[StaffRole.OPERATOR]
    assert at_home.permissions >= powers
    elsewhere = _access(Role.ORG_OWNER, staff_roles=both)
    assert not elsewhere.permissions & powers
    assert not any(held & powers for held in ROLE_PERMISSIONS.values())


def test_each_power_of_staff_is_of_one_role():
    assert Permission.ACCOUNTS_RECOVER not in STAFF_PERMISSIONS[StaffRole.OPERATOR]
    assert Permission.STAFF_MANAGE not in STAFF_PERMISSIONS[StaffRole.PRIVACY_TEAM]
    assert Permission.REQUESTS_DECIDE_ESCALATED not in STAFF_PERMISSIONS[StaffRole.OPERATOR]


def test_role_is_asked_before_the_token():
    reader = _access(Role.MEMBER, credential=CredentialKind.TOKEN, scopes=frozenset({"read"}))
    with pytest.raises(PermissionDeniedError) as refused:
        reader.require(Permission.GROUPS_MANAGE)
    assert refused.value.code == "PERMISSION_DENIED"
    admin = _access(Role.ORG_ADMIN, credential=CredentialKind.TOKEN, scopes=frozenset({"read"}))
    with pytest.raises(InsufficientScopeError):
        admin.require(Permission.GROUPS_MANAGE)
    assert admin.may(Permission.GROUPS_READ_ALL)
    assert not admin.may(Permission.GROUPS_MANAGE)


def test_write_alone_does_not_read():
    writer = _access(Role.ORG_ADMIN, credential=CredentialKind.TOKEN, scopes=frozenset({"write"}))
    with pytest.raises(InsufficientScopeError):
        writer.require(Permission.MEMBERS_READ)


@pytest.mark.parametrize(("age", "is_fresh"), [(0, True), (600, True), (601, False), (None, False)])
def test_second_factor_lasts_ten_minutes(age, is_fresh):
    shown = None if age is None else NOW - timedelta(seconds=age)
    access = _access(Role.ORG_ADMIN, stepped_up_at=shown)
    if is_fresh:
        access.require_step_up()
    else:
        with pytest.raises(StepUpRequiredError):
            access.require_step_up()


def test_only_active_members_act_as_members():
    assert _access(Role.MEMBER).require_member()
    for changes in ({"member_id": None}, {"roles": frozenset()}):
        with pytest.raises(PermissionDeniedError):
            _access(Role.MEMBER, **changes).require_member()
    with pytest.raises(InsufficientScopeError):
        _access(Role.MEMBER, credential=CredentialKind.TOKEN, scopes=frozenset({"read"})).require_member()


def test_the_system_may_do_all():
    access = Access(system_actor(uuid7()), None, _Services(), "test-request")
    assert access.permissions == frozenset(Permission)
    access.require_step_up()


@pytest.mark.parametrize("first", [0, -1, 101])
def test_pages_are_bounded(first):
    with pytest.raises(InvalidInputError):
        PageRequest(first)


def test_one_row_more_than_asked_tells_that_there_are_more():
    request = PageRequest(2)
    assert request.limit == 3
    page = page_of([1, 2, 3], request, str)
    assert (page.items, page.has_next) == (["1", "2"], True)
    assert page_of([1, 2], request, str).has_next is False


def test_parameters_number_their_places():
    parameters = Parameters("a")
    assert (parameters.add("b"), parameters.prefix("name", "x")) == ("$2", " and name >= $3 and name < $4")
    assert parameters.values == ["a", "b", "x", "x\U0010ffff"]


@pytest.mark.parametrize(
    "name",
    [
        "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627",
        "ශ්\u200dරී",
        "ന്\u200d",
        "র\u200d্য",
        "👨\u200d👩\u200d👧",
        "ᠮᠣᠩᠭᠤᠯ\u180eᠠ",
    ],
)
def test_joiners_that_are_spelling_stay(name):
    assert one_line(name, "name", least=1) == name


@pytest.mark.parametrize("typed", ["An\u200cn", "A\u200d\u200dnn", "Ann\u200c", "\u200cAnn", "Ann\u200d"])
def test_joiners_that_join_nothing_are_left_out(typed):
    assert one_line(typed, "name") == "Ann"
    assert (
        one_line("\u0639\u0644\u06cc\u200c\u200c\u0631\u0636\u0627\u200c", "name")
        == "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627"
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Ann\u202eyaR", "U+202E"),
        ("\u200b", "shows nothing"),
        ("\u200d", "1 to 200"),
        ("Ann\u200bRay", "U+200B"),
        ("\u2800\u2800", "shows nothing"),
        ("\u0301", "shows nothing"),
        ("\u3164", "shows nothing"),
        ("Ann\u2066Ray", "U+2066"),
        ("x" * 201, "1 to 200 characters; this has 201"),
    ],
)
def test_unseen_names_are_refused_with_the_reason(name, reason):
    with pytest.raises(InvalidInputError, match=re.escape(reason)):
        one_line(name, "name", least=1)


@pytest.mark.parametrize("value", ["", "x" * 11, "a\nb", "a\x00", "a\u2028b", "\ud800"])
def test_one_line_is_one_line(value):
    with pytest.raises(InvalidInputError):
        one_line(value, "name", least=1, most=10)


def test_texts_of_several_lines_refuse_exactly_control_characters_and_what_reorders():
    refused = [sign for sign in map(chr, range(sys.maxunicode + 1)) if not is_accepted(many_lines, f"a{sign}a")]
    controls = [sign for sign in map(chr, range(sys.maxunicode + 1)) if category(sign) in {"Cc", "Cs", "Zl", "Zp"}]
    reordering = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    assert refused == sorted({*controls, *reordering} - {"\t", "\n"})


def test_lines_refuse_controls_and_every_sign_that_is_not_seen():
    shown = "\u00a7a\u05d0\u0628\u0e01\u6f22\U0001f600"
    for code in range(sys.maxunicode + 1):
        sign = chr(code)
        is_fit = is_accepted(one_line, f"a{sign}a")
        if category(sign) in {"Cc", "Cs", "Zl", "Zp"} or sign in "\u200b\u200e\u202e\u2066\ufeff\u00ad\u3164":
            assert not is_fit, hex(code)
        if category(sign)[0] in "LNPS" and sign not in "\u115f\u1160\u3164\uffa0\U0001d159":
            assert is_fit, hex(code)
    assert is_accepted(one_line, shown)


def is_accepted(form, value):
    try:
        form(value, "name", most=10)
    except InvalidInputError:
        return False
    return True


def test_texts_come_in_one_form():
    assert one_line(" A\u0308rger ", "name") == "Ärger"
    assert many_lines("a\r\nb\tc ", "body", most=10) == "a\nb\tc"


@pytest.mark.parametrize(
    "value",
    [
        "http://x.org",
        "https://",
        "https://u:p@x.org",
        "//x.org",
        "javascript:alert(1)",
        "https://x.org/ a",
        "https://[x",
    ],
)
def test_web_addresses_are_https_without_credentials(value):
    with pytest.raises(InvalidInputError):
        web_address(value, "url")
