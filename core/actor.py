"""Who acts: the person or credential behind one call, in one organisation or at the provider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

PROVIDER_ID: Final = UUID("00000000-0000-7000-8000-000000000001")
"""The provider of the service, an organisation with which every deployment begins. Nobody owns or administers it: the
provider's staff acts in it, and so does, on himself or herself alone, each person who belongs to no other."""


class Role(StrEnum):
    """A role in an organisation (requirement A2).

    The contacts see, they decide nothing. A customer is the provider's: somebody who belongs to no organisation.
    """

    MEMBER = "member"
    ORG_ADMIN = "org_admin"
    ORG_OWNER = "org_owner"
    PRIVACY_OFFICER = "privacy_officer"
    AUDITOR = "auditor"
    BILLING_CONTACT = "billing_contact"
    TECHNICAL_CONTACT = "technical_contact"
    ADMINISTRATIVE_CONTACT = "administrative_contact"
    CUSTOMER = "customer"


class StaffRole(StrEnum):
    """A role that the provider gives; somebody may have several. A vendor is none of its own people."""

    PRIVACY_TEAM = "privacy_team"
    OPERATOR = "operator"
    VENDOR = "vendor"


class CredentialKind(StrEnum):
    """What the caller showed."""

    SESSION = "session"
    TOKEN = "token"  # noqa: S105 - the name of a kind
    SYSTEM = "system"
    PROVISIONING = "provisioning"
    VENDOR = "vendor"


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller of one operation, as authenticated.

    Attributes:
        account_id: the person; None for the system itself (worker, command line).
        organisation_id: the organisation chosen for this call.
        member_id: the person's membership there; None for the provider's staff, the system, and a customer of the
            provider's who has asked for nothing yet.
        roles: the membership's roles; empty when there is none or it is not active.
        credential: what was shown.
        scopes: what a token may do: ``read``, ``write``, ``admin``; a session and the system have all.
        stepped_up_at: when the second factor was last shown in this session.
        staff_roles: what the person is among the provider's own people, in whatever organisation; never by a token.
        credential_id: the session or token itself; of a vendor, the installation that it called; None for the system.
        is_bound: whether the session was opened by the organisation's provider, and reaches that organisation alone.
    """

    account_id: UUID | None
    organisation_id: UUID
    member_id: UUID | None
    roles: frozenset[Role]
    credential: CredentialKind
    scopes: frozenset[str] = frozenset({"read", "write", "admin"})
    stepped_up_at: datetime | None = None
    staff_roles: frozenset[StaffRole] = frozenset()
    credential_id: UUID | None = None
    is_bound: bool = False

    @property
    def is_privacy_team(self) -> bool:
        """Whether the person belongs to the provider's privacy team."""
        return StaffRole.PRIVACY_TEAM in self.staff_roles

    @property
    def is_at_provider(self) -> bool:
        """Whether the call is in the scope of the provider itself."""
        return self.organisation_id == PROVIDER_ID

    @property
    def is_directory(self) -> bool:
        """Whether the organisation's directory acts, by a provisioning token."""
        return self.credential is CredentialKind.PROVISIONING

    @property
    def kind(self) -> str:
        """Return who this is to an audit.

        ``system``, ``directory``, ``privacy_team``, ``operator``, ``vendor``, ``token`` or ``member``.

        Where somebody of the staff is a member too, it is the member who acts; at the provider it is the staff.
        """
        if self.credential is CredentialKind.SYSTEM:
            return "system"
        if self.is_directory:
            return "directory"
        if self.credential is CredentialKind.VENDOR:
            return "vendor"
        if self.staff_roles and (self.member_id is None or self.is_at_provider):
            return next(role for role in StaffRole if role in self.staff_roles).value
        return "token" if self.credential is CredentialKind.TOKEN else "member"


def system_actor(organisation_id: UUID) -> Actor:
    """Return the actor for what the deployment does by itself: clocks, workers, the command line."""
    return Actor(None, organisation_id, None, frozenset(), CredentialKind.SYSTEM)


def directory_actor(organisation_id: UUID, token_id: UUID) -> Actor:
    """Return the actor for what an organisation's directory does by a provisioning token: nobody's account."""
    scopes = frozenset({"read", "write"})
    return Actor(None, organisation_id, None, frozenset(), CredentialKind.PROVISIONING, scopes, credential_id=token_id)


def vendor_actor(organisation_id: UUID, installation_id: UUID) -> Actor:
    """Return the actor for what a vendor's own call to an installation causes: nobody's account, with no permission."""
    scopes = frozenset({"read", "write"})
    return Actor(None, organisation_id, None, frozenset(), CredentialKind.VENDOR, scopes, credential_id=installation_id)
