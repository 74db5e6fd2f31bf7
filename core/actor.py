"""Who acts: the person or credential behind one call, in one organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """A role in an organisation (requirement A2). The last three are contacts: they see, they decide nothing."""

    MEMBER = "member"
    ORG_ADMIN = "org_admin"
    ORG_OWNER = "org_owner"
    PRIVACY_OFFICER = "privacy_officer"
    AUDITOR = "auditor"
    BILLING_CONTACT = "billing_contact"
    TECHNICAL_CONTACT = "technical_contact"
    ADMINISTRATIVE_CONTACT = "administrative_contact"


class CredentialKind(StrEnum):
    """What the caller showed."""

    SESSION = "session"
    TOKEN = "token"  # noqa: S105 - the name of a kind
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller of one operation, as authenticated.

    Attributes:
        account_id: the person; None for the system itself (worker, command line).
        organisation_id: the organisation chosen for this call.
        member_id: the person's membership there; None for the privacy team and the system.
        roles: the membership's roles; empty when there is none or it is not active.
        credential: what was shown.
        scopes: what a token may do: ``read``, ``write``, ``admin``; a session and the system have all.
        stepped_up_at: when the second factor was last shown in this session.
        is_privacy_team: whether the person belongs to the provider's privacy team.
    """

    account_id: UUID | None
    organisation_id: UUID
    member_id: UUID | None
    roles: frozenset[Role]
    credential: CredentialKind
    scopes: frozenset[str] = frozenset({"read", "write", "admin"})
    stepped_up_at: datetime | None = None
    is_privacy_team: bool = False

    @property
    def kind(self) -> str:
        """Return who this is to an audit: ``system``, ``privacy_team``, ``token`` or ``member``."""
        if self.credential is CredentialKind.SYSTEM:
            return "system"
        if self.is_privacy_team and self.member_id is None:
            return "privacy_team"
        return "token" if self.credential is CredentialKind.TOKEN else "member"


def system_actor(organisation_id: UUID) -> Actor:
    """Return the actor for what the deployment does by itself: clocks, workers, the command line."""
    return Actor(None, organisation_id, None, frozenset(), CredentialKind.SYSTEM)
