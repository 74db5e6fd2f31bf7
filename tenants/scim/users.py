"""Members as SCIM users: how a row is shown, and what a user that is written means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

import msgspec
from scim2_models import GroupMembership, Meta, Path

from wardship.core.database.engine import Record
from wardship.core.errors import InvalidInputError, WardshipError
from wardship.core.text import one_line
from wardship.tenants.members.profile import PROFILE_FIELDS
from wardship.tenants.provisioning.entries import Contact as Kept
from wardship.tenants.provisioning.entries import Contacts, DirectoryEntry, contacts
from wardship.tenants.provisioning.people import DirectoryPerson
from wardship.tenants.scim.attributes import ACTIVE, DISPLAY_NAME, EMAILS, PHONES, PROFILE, USER_NAME
from wardship.tenants.scim.resources import PROVIDER, Contact, EnterpriseUser, Manager, Name, User
from wardship.tenants.scim.versions import version_of

UserModel: Final = cast("type[User[EnterpriseUser]]", PROVIDER.model_for("User"))
_LONGEST_LIST: Final = 50
_LONGEST_NAME: Final = 400
_ENTERPRISE: Final = ("employee_number", "cost_center", "organization", "division", "department")

_SHOWN: Final = (
    f"m.id, m.created_at, coalesce(d.changed_at, m.created_at) as changed_at, {ACTIVE} as active,"
    f" {USER_NAME} as user_name, {DISPLAY_NAME} as display_name,"
    f" {', '.join(f'{sql} as {name}' for name, sql in PROFILE.items())},"
    " coalesce(d.external_id, '') as external_id, coalesce(d.formatted_name, '') as formatted_name,"
    f" {EMAILS} as emails, {PHONES} as phone_numbers, coalesce(d.preferred_language, '') as preferred_language,"
    " coalesce(d.employee_number, '') as employee_number, coalesce(d.cost_center, '') as cost_center,"
    " coalesce(d.organization, '') as organization, coalesce(d.division, '') as division,"
    " coalesce(d.department, '') as department, coalesce(d.manager, '') as manager"
)
_GROUPS: Final = """, (
    select coalesce(jsonb_agg(jsonb_build_array(g.id, g.name) order by g.name), '[]') from group_membership s
        join user_group g on g.organisation_id = s.organisation_id and g.id = s.group_id
            and g.managed_by = 'directory' and g.archived_at is null
    where s.organisation_id = $1 and s.member_id = m.id and s.left_at is null
) as groups"""
ENTRY: Final = "left join directory_user d on d.organisation_id = m.organisation_id and d.member_id = m.id"
IS_USER: Final = """m.organisation_id = $1 and m.state in ('active', 'deactivated') and (m.state = 'active'
    or not exists (select from approval w where w.organisation_id = $1 and w.member_id = m.id
        and w.kind = 'remove_member' and w.state = 'asked' and w.arguments ->> 'directory' = 'directory'))"""
"""Whom the directory took out is none to it, also while the end of the membership waits for a second person."""
SEEDS: Final = {
    f"{User.__schema__}:username".lower(): (
        "select d.member_id from directory_user d where d.organisation_id = $1 and d.user_name_key = {0}"
        " union all select m.id from member m where m.organisation_id = $1 and m.email = {0}"
        " and m.email <> '' and not exists"  # the index has no empty ones
        " (select from directory_user n where n.organisation_id = $1 and n.member_id = m.id)"
    ),
    f"{User.__schema__}:externalid".lower(): (
        "select d.member_id from directory_user d where d.organisation_id = $1 and d.external_id = {0}"
        " and d.external_id <> ''"  # nor has this one
    ),
}
"""What an index finds: who has a user name, or an identifier of the directory's."""


def shown(*, with_groups: bool) -> str:
    """Return the columns by which a user is shown, of ``m`` and ``d``."""
    return _SHOWN + (_GROUPS if with_groups else "")


def user_of(row: Record) -> User[EnterpriseUser]:
    """Return a member as a user; the location is the service's to set."""
    user = UserModel(
        id=str(row["id"]),
        external_id=row["external_id"] or None,
        user_name=row["user_name"],
        name=_name_of(row),
        display_name=row["display_name"],
        title=row["job_title"] or None,
        preferred_language=row["preferred_language"] or None,
        active=row["active"],
        emails=_contacts_of(row["emails"]),
        phone_numbers=_contacts_of(row["phone_numbers"]),
        groups=_groups_of(row),
        meta=Meta(
            resource_type="User",
            created=row["created_at"],
            last_modified=row["changed_at"],
            version=version_of(*(value for name, value in row.items() if name != "groups")),
        ),
    )
    user[EnterpriseUser] = _enterprise_of(row)
    return user


def _name_of(row: Record) -> Name | None:
    parts = {
        "formatted": row["formatted_name"],
        "family_name": row["last_name"],
        "given_name": row["first_name"],
        "honorific_prefix": row["title"],
    }
    return Name(**{name: value for name, value in parts.items() if value}) if any(parts.values()) else None


def _contacts_of(text: str) -> list[Contact] | None:
    kept = contacts(text)
    shown_each = [Contact(value=each.value or None, type=each.type or None, primary=each.primary) for each in kept]
    return shown_each or None


def _groups_of(row: Record) -> list[GroupMembership] | None:
    if not row.get("groups"):
        return None
    pairs = msgspec.json.decode(row["groups"], type=list[tuple[str, str]])
    return [_membership(group_id, name) for group_id, name in pairs] or None


def _membership(group_id: str, name: str) -> GroupMembership:
    return GroupMembership.model_validate(
        {"value": group_id, "$ref": f"Groups/{group_id}", "display": name, "type": "direct"}
    )


def _enterprise_of(row: Record) -> EnterpriseUser | None:
    said = {name: row[name] for name in _ENTERPRISE if row[name]}
    manager = row["manager"]
    if manager:
        said["manager"] = Manager.model_validate({"value": manager, "$ref": f"Users/{manager}"})
    return EnterpriseUser(**said) if said else None


def person_of(user: User[Any]) -> DirectoryPerson:
    """Return what a user that is written means.

    Raises:
        InvalidInputError: a value can't be accepted.
    """
    user_name = one_line(user.user_name or "", "user_name", least=1, most=_LONGEST_NAME)
    emails, phones = _kept(user.emails, "emails"), _kept(user.phone_numbers, "phone_numbers")
    name, said = user.name or Name(), user[EnterpriseUser] or EnterpriseUser()
    entry = DirectoryEntry(
        user_name=user_name,
        user_name_key=key_of(user_name),
        external_id=_line(user.external_id, "external_id", most=_LONGEST_NAME),
        formatted_name=_line(name.formatted, "formatted"),
        emails=emails,
        phone_numbers=phones,
        preferred_language=_line(user.preferred_language, "preferred_language"),
        manager=_line(said.manager.value if said.manager else "", "manager"),
        display_name=_line(user.display_name, "display_name"),
        is_active=user.active,
        **{part: _line(getattr(said, part), part) for part in _ENTERPRISE},
    )
    return DirectoryPerson(entry=entry, email=_address(user_name, emails), profile=_profile(user, name, phones))


def key_of(user_name: str) -> str:
    """Return the form by which user names are compared: composed, in small letters."""
    binding = Path[User[Any]]("userName").resolve()
    return str(binding.comparable(user_name, PROVIDER.policy)) if binding is not None else user_name


def _profile(user: User[Any], name: Name, phones: Contacts) -> dict[str, str]:
    full = " ".join(filter(None, (name.given_name, name.family_name)))
    shown_name = user.display_name or name.formatted or full or (user.user_name or "").partition("@")[0]
    said = {
        "display_name": shown_name,
        "title": name.honorific_prefix or "",
        "first_name": name.given_name or "",
        "last_name": name.family_name or "",
        "job_title": user.title or "",
    }
    phone = next(filter(_is_phone, _preferred(phones)), None)
    return said if phone is None else {**said, "phone": phone}


def _is_phone(number: str) -> bool:
    try:
        return bool(PROFILE_FIELDS["phone"](number))
    except WardshipError:
        return False


def _address(user_name: str, emails: Contacts) -> str:
    """Return the preferred address: that which is marked so, that of work, the first; else a user name that is one."""
    return next(iter(_preferred(emails)), user_name if "@" in user_name else "")


def _preferred(kept: Contacts) -> Iterable[str]:
    ordered = sorted(kept, key=lambda each: (not each.primary, each.type.lower() != "work"))
    return [each.value for each in ordered if each.value]


def _kept(given: Sequence[Contact] | None, name: str) -> Contacts:
    if given and len(given) > _LONGEST_LIST:
        raise InvalidInputError(f"Send at most {_LONGEST_LIST} of these.", path=(name,))
    return tuple(
        Kept(value=_line(each.value, name, most=320), type=_line(each.type, name), primary=each.primary)
        for each in given or ()
    )


def _line(value: str | None, name: str, *, most: int = 200) -> str:
    return one_line(value or "", name, most=most)
