"""Certificates, and the keys that they verify with, over plain HTTP."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation

from wardship.core.errors import InvalidInputError, NotFoundError
from wardship.core.http.problems import refusals
from wardship.core.signing import public_keys
from wardship.tenants.access import Services
from wardship.tenants.certificates.issue import certificate_of_reference

InServices: TypeAlias = NamedDependency[SkipValidation[Services]]
JWS: Final = "application/jose"
JWK_SET: Final = "application/jwk-set+json"
_LONGEST_REFERENCE: Final = 64


@get("/certificates/{reference:str}", responses=refusals(InvalidInputError, NotFoundError))
async def certificate_handler(services: InServices, reference: FromPath[str]) -> Response[str]:
    """Hand out the certificate that belongs to a reference, to anybody who has it: the account may be gone by then.

    Raises:
        NotFoundError: no such reference, or the request has not ended.
    """
    async with services.database.directory(read_only=True) as transaction:
        found = await certificate_of_reference(transaction, reference[:_LONGEST_REFERENCE])
    if found is None:
        raise NotFoundError("There is no certificate for this reference yet: check it, or come back when all is done.")
    return Response(found, media_type=JWS)


@get("/.well-known/wardship-certificate-keys.json", sync_to_thread=False, responses=refusals())
def keys_handler(services: InServices) -> Response[dict[str, Any]]:
    """Publish the keys that certificates and audit checkpoints verify with."""
    return Response(public_keys(services.keys), media_type=JWK_SET)
