"""What the service is and holds: the schemas are made of these classes, and claim nothing that is not kept."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Final

from pydantic import Field, model_validator
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Extension,
    External,
    Filter,
    GroupMembership,
    Mutability,
    Patch,
    Reference,
    Required,
    Resource,
    ResourceType,
    Returned,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)
from scim2_models import EnterpriseUser as BaseEnterpriseUser
from scim2_models import Group as BaseGroup
from scim2_models import GroupMember as BaseGroupMember
from scim2_models import Manager as BaseManager
from scim2_models import User as BaseUser
from scim2_models.resources.resource import AnyExtension

MOST_RESULTS: Final = 200
MOST_OPERATIONS: Final = 100
LARGEST_BODY: Final = 1_000_000
"""Bytes of a request, bulk or not."""


class Name(ComplexAttribute):
    """The parts of a person's name."""

    formatted: str | None = None
    """The whole name, as the directory writes it."""
    family_name: str | None = None
    """The last name."""
    given_name: str | None = None
    """The first name."""
    honorific_prefix: str | None = None
    """What stands before the name, such as "Dr."."""


class Contact(ComplexAttribute):
    """One of several addresses or numbers."""

    value: str | None = None
    """The address or number."""
    type: str | None = None
    """What it is for, such as "work"."""
    primary: bool | None = None
    """Whether it is the preferred one."""


class User(Resource[AnyExtension]):
    """A member of the organisation."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """By what the directory knows the person: one of its own in the organisation, whatever the letter case."""
    name: Name | None = None
    """The parts of the name."""
    Name: ClassVar[type[ComplexAttribute]] = Name
    display_name: str | None = None
    """The name that other members see."""
    title: str | None = None
    """The job title."""
    preferred_language: str | None = None
    """The language that the person prefers, such as "en-GB"."""
    active: bool | None = None
    """Whether the person may act in the organisation."""
    emails: list[Contact] | None = None
    """E-mail addresses; the preferred one is that to which the organisation writes until the person has an account."""
    Emails: ClassVar[type[ComplexAttribute]] = Contact
    phone_numbers: list[Contact] | None = None
    """Telephone numbers; the preferred one stands in the profile."""
    PhoneNumbers: ClassVar[type[ComplexAttribute]] = Contact
    groups: Annotated[list[GroupMembership] | None, Mutability.read_only] = None
    """The directory's groups that the person is in."""
    Groups: ClassVar[type[ComplexAttribute]] = GroupMembership


class Manager(BaseManager):
    """Whom a person reports to."""

    value: Annotated[str | None, CaseExact.true] = None
    """The id of the user, or whatever else the directory names the person by."""
    ref: Reference[BaseUser[Any]] | None = Field(None, serialization_alias="$ref", validation_alias="$ref")
    """Where the user is."""
    display_name: Annotated[str | None, Mutability.read_only, Returned.request] = None
    """Not told: look the user up."""

    @model_validator(mode="before")
    @classmethod
    def _is_named(cls, value: object) -> object:
        """Take a text for the id, as Entra sends it."""
        return {"value": value} if isinstance(value, str) else value


class EnterpriseUser(Extension):
    """What an employer says of a person."""

    __schema__ = BaseEnterpriseUser.__schema__

    employee_number: str | None = None
    """The number under which the employer knows the person."""
    cost_center: str | None = None
    """The cost centre."""
    organization: str | None = None
    """The organisation."""
    division: str | None = None
    """The division."""
    department: str | None = None
    """The department."""
    manager: Manager | None = None
    """Whom the person reports to."""


class GroupMember(BaseGroupMember):
    """Somebody in a group, which holds users and no groups."""

    display: Annotated[str | None, Mutability.read_only, Returned.request] = None
    """The name that other members see, where it is asked for."""


class Group(Resource[Any]):
    """A group on whose people the directory decides."""

    __schema__ = BaseGroup.__schema__

    display_name: Annotated[str | None, Required.true] = None
    """The name, which no other open group of the organisation has."""
    members: list[GroupMember] | None = None
    """Who is in it."""
    Members: ClassVar[type[ComplexAttribute]] = GroupMember


CONFIG: Final = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=True, max_operations=MOST_OPERATIONS, max_payload_size=LARGEST_BODY),
    filter=Filter(supported=True, max_results=MOST_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=True),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Provisioning token",
            description="A token of the organisation, in the header Authorization as a bearer token (RFC 6750)",
            spec_uri=Reference[External]("https://www.rfc-editor.org/rfc/rfc6750"),
            primary=True,
        )
    ],
)
TOLERANT: Final = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
"""As directories write in fact: what is not kept is left out, and what Entra sends to take people out of groups and to
set an address that was not there is done."""
PROVIDER: Final = ScimProvider(
    models=[User, EnterpriseUser, Group],
    resource_types=[ResourceType.from_resource(User[EnterpriseUser]), ResourceType.from_resource(Group)],
    config=CONFIG,
    policy=TOLERANT,
)
