"""What an administrator fills in for a DAV collection."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, HttpUrl, SecretStr

from wardship.plugins.api import Settings
from wardship.plugins.api.contract import CountryCode


def _plain(url: HttpUrl) -> HttpUrl:
    if url.username or url.password or url.query or url.fragment:
        raise ValueError("give the address alone: no user name, password, query or fragment in it")
    return url


class DavSettings(Settings):
    """Where the collection is, and the account that Wardship writes with: one made for Wardship alone."""

    collection_url: Annotated[
        HttpUrl,
        AfterValidator(_plain),
        Field(title="Address of the collection", description="the full address of one address book or calendar"),
    ]
    username: Annotated[str, Field(title="User name", min_length=1, max_length=200, pattern=r"^[^:\x00-\x1f\x7f]+$")]
    password: Annotated[SecretStr, Field(title="App password", min_length=1, max_length=500)]
    server_country: Annotated[
        CountryCode,
        Field(title="Country of the server", description="two capitals, such as DE: where the data is stored"),
    ]
