"""What the domain refuses, as SCIM says it (RFC 7644, section 3.12): the message stays, and says what to do."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from scim2_models import Error, SCIMException

from wardship.core.errors import InvalidInputError, WardshipError
from wardship.tenants.groups.change import GroupNameTakenError
from wardship.tenants.members.add import AlreadyMemberError
from wardship.tenants.provisioning.people import ExternalIdTakenError, UserNameTakenError

_TAKEN: Final = (UserNameTakenError, ExternalIdTakenError, AlreadyMemberError, GroupNameTakenError)


def scim_refusal(error: WardshipError) -> SCIMException:
    """Return a refusal of the domain in the words of the protocol."""
    return SCIMException.from_error(Error(status=int(error.status), scim_type=_scim_type(error), detail=error.message))


def _scim_type(error: WardshipError) -> str | None:
    if isinstance(error, _TAKEN):
        return "uniqueness"
    is_value = isinstance(error, InvalidInputError) and error.status == HTTPStatus.BAD_REQUEST
    return "invalidValue" if is_value else None
