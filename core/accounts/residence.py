"""The country in which a person lives: by it, the law is chosen whose times a request has, and who hears complaints."""

from __future__ import annotations

from uuid import UUID

import pycountry

from wardship.core.database.engine import Transaction
from wardship.core.errors import InvalidInputError


def checked_country(code: str, name: str) -> str:
    """Return a country's code, or nothing where nothing is said.

    Args:
        code: two letters of ISO 3166, or an empty text.
        name: of the field.

    Raises:
        InvalidInputError: there is no such country.
    """
    known = not code or pycountry.countries.get(alpha_2=code) is not None
    if not known or code != code.upper():
        raise InvalidInputError("Give the country as two capital letters, such as DE.", path=(name,))
    return code


async def set_residence_country(transaction: Transaction, account_id: UUID, code: str) -> None:
    """Change where the owner of an account lives; an empty text says nothing; needs the directory's scope.

    Raises:
        InvalidInputError: there is no such country.
    """
    await transaction.execute(
        "update account set residence_country = $2 where id = $1",
        account_id,
        checked_country(code, "residence_country"),
    )
