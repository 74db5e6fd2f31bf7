"""What an organisation is told about looks at its people's data: kinds, each with its text beside it."""

from __future__ import annotations

from typing import Final

from wardship.core.notice_kind import Audience, NoticeKind

LOOKED: Final = NoticeKind(
    name="privacy_team_looked",
    package=__name__,
    audience=Audience.ADMINISTRATORS,
    to="those who decide on requests, but whom it was about",
    page="requests/{DataRequest}",
    when="the provider's privacy team looked at the data of a person whose right is with it; once a day for each",
)

KINDS: Final = (LOOKED,)
