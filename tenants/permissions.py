"""Permissions, and roles as sets of them: data, so that the whole matrix can be read on one screen."""

from __future__ import annotations

from enum import StrEnum

from wardship.core.actor import Role, StaffRole


class Permission(StrEnum):
    """What code asks for. The part before the dot is the noun's folder."""

    ORGANISATION_READ = "organisation.read"
    ORGANISATION_UPDATE = "organisation.update"
    OWNERSHIP_TRANSFER = "organisation.transfer_ownership"
    MEMBERS_READ = "members.read"
    MEMBERS_READ_DETAILS = "members.read_details"
    MEMBERS_UPDATE = "members.update"
    MEMBERS_REMOVE = "members.remove"
    MEMBERS_RECOVER = "members.recover_accounts"
    DELETIONS_APPROVE = "approvals.approve"
    ROLES_ASSIGN = "members.assign_roles"
    INVITATIONS_READ = "invitations.read"
    INVITATIONS_SEND = "invitations.send"
    DOMAINS_READ = "domains.read"
    DOMAINS_MANAGE = "domains.manage"
    PROVISIONING_READ = "provisioning.read"
    PROVISIONING_MANAGE = "provisioning.manage"
    SINGLE_SIGN_ON_READ = "single_sign_on.read"
    SINGLE_SIGN_ON_MANAGE = "single_sign_on.manage"
    GROUPS_READ_ALL = "groups.read_all"
    GROUPS_MANAGE = "groups.manage"
    CONTENT_READ_ALL = "content.read_all"
    CONTENT_MODERATE = "content.moderate"
    INTEGRATIONS_READ = "integrations.read"
    INTEGRATIONS_MANAGE = "integrations.manage"
    LEDGER_READ = "integrations.read_ledger"
    TASKS_READ = "integrations.read_tasks"
    TASKS_COMPLETE = "integrations.complete_tasks"
    REQUESTS_READ = "requests.read"
    REQUESTS_DECIDE = "requests.decide"
    REQUESTS_DECIDE_ESCALATED = "requests.decide_escalated"
    AUDIT_READ = "audit.read"
    VIEWS_SHARE = "views.share"
    ORGANISATIONS_MANAGE = "provider.manage_organisations"
    STAFF_MANAGE = "provider.manage_staff"
    ACCOUNTS_RECOVER = "provider.recover_accounts"
    VENDOR_CLIENTS_OWN = "vendor_clients.manage_own"
    VENDOR_CLIENTS_MANAGE = "vendor_clients.manage"
    REMOTE_INTEGRATIONS_OWN = "remote_integrations.manage_own"
    REMOTE_INTEGRATIONS_MANAGE = "remote_integrations.manage"


_P = Permission
_MEMBER = frozenset({_P.ORGANISATION_READ, _P.MEMBERS_READ})
_READER = _MEMBER | {
    _P.MEMBERS_READ_DETAILS,
    _P.INVITATIONS_READ,
    _P.DOMAINS_READ,
    _P.PROVISIONING_READ,
    _P.SINGLE_SIGN_ON_READ,
    _P.GROUPS_READ_ALL,
    _P.CONTENT_READ_ALL,
    _P.INTEGRATIONS_READ,
    _P.LEDGER_READ,
    _P.TASKS_READ,
    _P.REQUESTS_READ,
    _P.AUDIT_READ,
}
_ADMIN = _READER | {
    _P.ORGANISATION_UPDATE,
    _P.MEMBERS_UPDATE,
    _P.MEMBERS_REMOVE,
    _P.MEMBERS_RECOVER,
    _P.DELETIONS_APPROVE,
    _P.ROLES_ASSIGN,
    _P.INVITATIONS_SEND,
    _P.DOMAINS_MANAGE,
    _P.PROVISIONING_MANAGE,
    _P.SINGLE_SIGN_ON_MANAGE,
    _P.GROUPS_MANAGE,
    _P.CONTENT_MODERATE,
    _P.INTEGRATIONS_MANAGE,
    _P.TASKS_COMPLETE,
    _P.REQUESTS_DECIDE,
    _P.VIEWS_SHARE,
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.MEMBER: _MEMBER,
    Role.AUDITOR: _READER,
    Role.ORG_ADMIN: _ADMIN,
    Role.ORG_OWNER: _ADMIN | {_P.OWNERSHIP_TRANSFER},
    Role.PRIVACY_OFFICER: _READER | {_P.REQUESTS_DECIDE, _P.TASKS_COMPLETE, _P.VIEWS_SHARE},
    Role.BILLING_CONTACT: _MEMBER,
    Role.TECHNICAL_CONTACT: _MEMBER
    | {
        _P.DOMAINS_READ,
        _P.PROVISIONING_READ,
        _P.SINGLE_SIGN_ON_READ,
        _P.INTEGRATIONS_READ,
        _P.TASKS_READ,
    },
    Role.ADMINISTRATIVE_CONTACT: _MEMBER | {_P.INVITATIONS_READ},
    Role.CUSTOMER: _MEMBER,
}
"""What each role may do in its organisation. Group owners and admins are roles in a group: see ``tenants/groups``."""

DIRECTORY_PERMISSIONS = frozenset(
    {
        _P.MEMBERS_READ,
        _P.MEMBERS_READ_DETAILS,
        _P.MEMBERS_UPDATE,
        _P.MEMBERS_REMOVE,
        _P.GROUPS_READ_ALL,
        _P.GROUPS_MANAGE,
    }
)
"""What an organisation's directory may do by a provisioning token: it gives no role."""

STAFF_PERMISSIONS_ANYWHERE: dict[StaffRole, frozenset[Permission]] = {
    StaffRole.PRIVACY_TEAM: frozenset({_P.ORGANISATION_READ, _P.REQUESTS_DECIDE_ESCALATED, _P.DELETIONS_APPROVE}),
    StaffRole.OPERATOR: frozenset(),
    StaffRole.VENDOR: frozenset(),
}
"""What staff may do in customers' organisations; the privacy team on requests and deletions that are with it."""

_STAFF = frozenset({_P.ORGANISATION_READ, _P.AUDIT_READ})
STAFF_PERMISSIONS: dict[StaffRole, frozenset[Permission]] = {
    StaffRole.PRIVACY_TEAM: _STAFF | {_P.REQUESTS_DECIDE_ESCALATED, _P.ACCOUNTS_RECOVER, _P.DELETIONS_APPROVE},
    StaffRole.OPERATOR: _STAFF
    | {_P.ORGANISATIONS_MANAGE, _P.STAFF_MANAGE, _P.VENDOR_CLIENTS_MANAGE, _P.REMOTE_INTEGRATIONS_MANAGE},
    StaffRole.VENDOR: frozenset({_P.ORGANISATION_READ, _P.VENDOR_CLIENTS_OWN, _P.REMOTE_INTEGRATIONS_OWN}),
}
"""What the provider's staff may do in the scope of the provider."""

RANK: dict[Role, int] = {
    Role.MEMBER: 0,
    Role.BILLING_CONTACT: 0,
    Role.TECHNICAL_CONTACT: 0,
    Role.ADMINISTRATIVE_CONTACT: 0,
    Role.AUDITOR: 1,
    Role.PRIVACY_OFFICER: 2,
    Role.ORG_ADMIN: 3,
    Role.ORG_OWNER: 4,
    Role.CUSTOMER: 4,
}
"""One manages only roles below one's own, and never one's own roles. No role gives that of a customer."""

WRITE_PERMISSIONS = frozenset(
    {
        _P.ORGANISATION_UPDATE,
        _P.OWNERSHIP_TRANSFER,
        _P.MEMBERS_UPDATE,
        _P.MEMBERS_REMOVE,
        _P.MEMBERS_RECOVER,
        _P.DELETIONS_APPROVE,
        _P.ROLES_ASSIGN,
        _P.INVITATIONS_SEND,
        _P.DOMAINS_MANAGE,
        _P.PROVISIONING_MANAGE,
        _P.SINGLE_SIGN_ON_MANAGE,
        _P.GROUPS_MANAGE,
        _P.CONTENT_MODERATE,
        _P.INTEGRATIONS_MANAGE,
        _P.TASKS_COMPLETE,
        _P.REQUESTS_DECIDE,
        _P.REQUESTS_DECIDE_ESCALATED,
        _P.VIEWS_SHARE,
        _P.ORGANISATIONS_MANAGE,
        _P.STAFF_MANAGE,
        _P.ACCOUNTS_RECOVER,
        _P.VENDOR_CLIENTS_OWN,
        _P.VENDOR_CLIENTS_MANAGE,
        _P.REMOTE_INTEGRATIONS_OWN,
        _P.REMOTE_INTEGRATIONS_MANAGE,
    }
)
"""Those that change something: a token needs the scope ``write`` besides; the others need ``read``."""
