"""Countries by their ISO 3166-1 two-letter codes."""

from __future__ import annotations

from typing import Annotated

import pycountry
from pydantic import AfterValidator


def country_name(code: str) -> str:
    """Return the English short name of a country; raises ``KeyError`` for a code that is none."""
    country = pycountry.countries.get(alpha_2=code) if code.isupper() else None
    if country is None:
        raise KeyError(code)
    return str(country.name)


def _known_country(code: str) -> str:
    try:
        country_name(code)
    except KeyError:
        raise ValueError(f"{code!r} is not a country; give its ISO 3166-1 code in two capitals, such as DE") from None
    return code


CountryCode = Annotated[str, AfterValidator(_known_country)]
