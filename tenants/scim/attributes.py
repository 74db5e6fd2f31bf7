"""Where each attribute stands in our tables: by its URN in small letters, an expression of SQL over one row.

The tables are ``m`` (members) and ``d`` (what the directory says of them), or ``g`` (groups); ``$1`` is the
organisation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final, TypeAlias
from uuid import UUID

from wardship.tenants.scim.resources import EnterpriseUser, Group, User


class Kind(Enum):
    """How values are compared."""

    TEXT = "text"
    """Without regard to letter case, unless the schema says otherwise."""
    BOOLEAN = "boolean"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    """An attribute that has one value: NULL where there is none.

    Attributes:
        sql: the value.
        kind: how it is compared.
        key: a form of it that is made in one place, by which equality is decided; empty where the value decides.
    """

    sql: str
    kind: Kind = Kind.TEXT
    key: str = ""

    def text(self, *, is_exact: bool) -> str:
        """Return it as texts are compared: without regard to letter case, of all scripts, unless it is exact."""
        return self.sql if is_exact else caseless(self.sql)


def caseless(sql: str) -> str:
    """Return an expression for a text without the case of its letters: what is compared so is folded by the database.

    Some columns have the collation "C", in which only the letters of ASCII have a case. What is small at the end of a
    Greek word, and of a German one formerly, is the same letter elsewhere.
    """
    return f"translate(lower({sql} collate \"default\"), '\u03c2\u017f', '\u03c3s')"


@dataclass(frozen=True, slots=True)
class Elements:
    """An attribute that has several values, each a row ``e`` of a table that depends on the resource's row.

    Attributes:
        source: the table.
        parts: the sub-attributes, by name.
        order: in which the first is the one by which resources are sorted.
    """

    source: str
    parts: Mapping[str, Column]
    order: str = "e.value"


Attributes: TypeAlias = Mapping[str, Column | Elements]

_SELECT: Final = "select"
_SEEN: Final = "m.concealed_at is null"
"""Of who joined by a domain that the organisation has lost, address and state alone are seen (``members.boundary``)."""
CONTACT_EMAIL: Final = "jsonb_build_array(jsonb_build_object('value', m.email, 'type', 'work', 'primary', true))"
CONTACT_PHONE: Final = "jsonb_build_array(jsonb_build_object('value', m.phone, 'type', 'work', 'primary', true))"
EMAILS: Final = f"coalesce(d.emails, case when m.email <> '' then {CONTACT_EMAIL} else '[]' end)"
PHONES: Final = f"coalesce(d.phone_numbers, case when m.phone <> '' and {_SEEN} then {CONTACT_PHONE} else '[]' end)"
DISPLAY_NAME: Final = f"nullif(case when d.id is not null then d.display_name when {_SEEN} then m.display_name end, '')"
"""What the directory says; of those of whom it says nothing, what members see."""
PROFILE: Final = MappingProxyType(
    {name: f"case when {_SEEN} then m.{name} else '' end" for name in ("first_name", "last_name", "title", "job_title")}
)
"""What of the profile the directory keeps up, where it is seen."""
MEMBER_NAME: Final = "case when p.concealed_at is null then p.display_name else p.email end"
"""Of a member ``p`` of a group."""
ACTIVE: Final = "case when m.state <> 'active' then false when d.id is null then true else d.is_active end"
"""Whether the person may act; no value where that is so and the directory says nothing of it."""
USER_NAME: Final = "coalesce(d.user_name, nullif(m.email, ''), m.id::text)"
"""Whom the directory has not named goes by the address."""
_USER_NAME_KEY: Final = "coalesce(d.user_name_key, nullif(m.email, ''), m.id::text)"


def _given(column: str) -> Column:
    return Column(f"nullif({column}, '')")


def _contacts(documents: str) -> Elements:
    taken_apart = "x ->> 'value' as value, x ->> 'type' as type, (x ->> 'primary')::boolean as is_primary, place"
    return Elements(
        f"({_SELECT} {taken_apart} from jsonb_array_elements({documents}) with ordinality as t (x, place)) as e",
        MappingProxyType(
            {
                "value": Column("nullif(e.value, '')"),
                "type": Column("nullif(e.type, '')"),
                "primary": Column("e.is_primary", Kind.BOOLEAN),
            }
        ),
        "e.is_primary desc nulls last, e.place",
    )


_CORE: Final = f"{User.__schema__}:".lower()
_ENTERPRISE: Final = f"{EnterpriseUser.__schema__}:".lower()
_GROUP: Final = f"{Group.__schema__}:".lower()

_GROUPS_OF_USER: Final = Elements(
    f"({_SELECT} g.id::text as value, g.name as display from group_membership s join user_group g"
    " on g.organisation_id = s.organisation_id and g.id = s.group_id and g.managed_by = 'directory'"
    " and g.archived_at is null"
    " where s.organisation_id = $1 and s.member_id = m.id and s.left_at is null) as e",
    MappingProxyType(
        {
            "value": Column("e.value"),
            "display": Column("e.display"),
            "type": Column("'direct'::text"),
            "$ref": Column("null::text"),
        }
    ),
)
_MEMBERS_OF_GROUP: Final = Elements(
    f"({_SELECT} s.member_id::text as value, {MEMBER_NAME} as display from group_membership s join member p"
    " on p.organisation_id = s.organisation_id and p.id = s.member_id and p.state in ('active', 'deactivated')"
    " where s.organisation_id = $1 and s.group_id = g.id and s.left_at is null) as e",
    MappingProxyType({"value": Column("e.value"), "display": Column("e.display"), "type": Column("'User'::text")}),
)

USER_ATTRIBUTES: Final[Attributes] = MappingProxyType(
    {
        f"{_CORE}id": Column("m.id::text"),
        f"{_CORE}externalid": _given("d.external_id"),
        f"{_CORE}username": Column(USER_NAME, key=_USER_NAME_KEY),
        f"{_CORE}name.formatted": _given("d.formatted_name"),
        f"{_CORE}name.familyname": _given(PROFILE["last_name"]),
        f"{_CORE}name.givenname": _given(PROFILE["first_name"]),
        f"{_CORE}name.honorificprefix": _given(PROFILE["title"]),
        f"{_CORE}displayname": Column(DISPLAY_NAME),
        f"{_CORE}title": _given(PROFILE["job_title"]),
        f"{_CORE}preferredlanguage": _given("d.preferred_language"),
        f"{_CORE}active": Column(ACTIVE, Kind.BOOLEAN),
        f"{_CORE}emails": _contacts(EMAILS),
        f"{_CORE}phonenumbers": _contacts(PHONES),
        f"{_CORE}groups": _GROUPS_OF_USER,
        f"{_CORE}meta.resourcetype": Column("'User'::text"),
        f"{_CORE}meta.created": Column("m.created_at", Kind.MOMENT),
        f"{_CORE}meta.lastmodified": Column("coalesce(d.changed_at, m.created_at)", Kind.MOMENT),
        f"{_ENTERPRISE}employeenumber": _given("d.employee_number"),
        f"{_ENTERPRISE}costcenter": _given("d.cost_center"),
        f"{_ENTERPRISE}organization": _given("d.organization"),
        f"{_ENTERPRISE}division": _given("d.division"),
        f"{_ENTERPRISE}department": _given("d.department"),
        f"{_ENTERPRISE}manager.value": _given("d.manager"),
    }
)
GROUP_ATTRIBUTES: Final[Attributes] = MappingProxyType(
    {
        f"{_GROUP}id": Column("g.id::text"),
        f"{_GROUP}externalid": _given("g.external_id"),
        f"{_GROUP}displayname": Column("g.name"),
        f"{_GROUP}members": _MEMBERS_OF_GROUP,
        f"{_GROUP}meta.resourcetype": Column("'Group'::text"),
        f"{_GROUP}meta.created": Column("g.created_at", Kind.MOMENT),
        f"{_GROUP}meta.lastmodified": Column("coalesce(g.directory_changed_at, g.created_at)", Kind.MOMENT),
    }
)


def as_id(text: str) -> UUID | None:
    """Return an id as ours are; None for one that can't be ours."""
    try:
        return UUID(text)
    except ValueError:
        return None
