"""How a person wants to be mailed: at once or once a day, and what is told in the product alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from wardship.core.errors import ConflictError, InvalidInputError
from wardship.core.notice_kind import NoticeKind
from wardship.core.notices.preferences import NoticePreference, Pace, choose_notices, notice_preference
from wardship.core.sign_in.authentication import OrganisationSessionError
from wardship.tenants.access import Access


class AlwaysMailedError(ConflictError):
    """What is about security, deadlines and rights is always mailed: choose when, for the other kinds whether."""

    code = "ALWAYS_MAILED"


async def own_preference(access: Access) -> NoticePreference:
    """Return how the caller wants to be mailed, in every organisation."""
    if access.actor.account_id is None:
        return NoticePreference()
    return await notice_preference(access.transaction, access.actor.account_id)


async def choose_own_notices(access: Access, pace: Pace, turned_off: Collection[str]) -> NoticePreference:
    """Choose how the caller is mailed, in every organisation, and return it.

    What waits in this organisation for the daily mail is mailed now where all is to be mailed at once.

    Raises:
        AlwaysMailedError: one of the kinds is always mailed.
        InvalidInputError: there is no such kind.
        OrganisationSessionError: the caller signed in by one organisation's provider.
    """
    access.require_scope("write")
    if access.actor.is_bound:
        raise OrganisationSessionError
    kinds = access.services.nouns.notice_kinds
    for name in turned_off:
        _require_optional(kinds, name)
    if access.actor.account_id is None:
        return NoticePreference()
    await choose_notices(access.transaction, access.actor.account_id, pace, turned_off, at=access.now)
    if pace is Pace.AT_ONCE:
        await access.execute(
            "update notice set mail_at = $3 where organisation_id = $1 and member_id = $2 and mail_state = 'waiting'",
            access.actor.member_id,
            access.now,
        )
    return await own_preference(access)


def _require_optional(kinds: Mapping[str, NoticeKind], name: str) -> None:
    kind = kinds.get(name)
    if kind is None:
        raise InvalidInputError("There is no such kind of notice: `noticeKinds` lists them.", path=("turned_off",))
    if not kind.can_be_turned_off:
        raise AlwaysMailedError(f"`{name}` is always mailed.", path=("turned_off",))
