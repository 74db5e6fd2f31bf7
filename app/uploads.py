"""What is handed in over plain HTTP: files of people to import, longer than the variables of an operation may be."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack
from http import HTTPStatus
from io import TextIOWrapper
from itertools import islice
from typing import Final

import msgspec
from litestar import Router, post
from litestar.di import Provide
from litestar.response import Stream
from strawberry.utils.str_converters import to_camel_case

from wardship.app.downloads import JSON_LINES
from wardship.core.errors import InvalidInputError, PermissionDeniedError, WardshipError
from wardship.core.http.credentials import read_credentials
from wardship.core.http.problems import BodyTooLargeError, refusals
from wardship.core.http.request_id import request_id_of
from wardship.core.sign_in.authentication import CsrfRefusedError
from wardship.core.sign_in.handlers.dependencies import (
    ORGANISATION_REFUSALS,
    AnyRequest,
    InActor,
    provide_actor,
    sign_in_dependencies,
)
from wardship.graphql.engine import GlobalId
from wardship.tenants.access import Access, InsufficientScopeError, Services
from wardship.tenants.exports.routes import InServices
from wardship.tenants.members.add import ImportResult, ImportRow, import_members
from wardship.tenants.members.import_file import READERS, Read, UnreadableFileError, count_people
from wardship.tenants.permissions import Permission

LARGEST_FILE: Final = 16 * 1024 * 1024
_IN_MEMORY: Final = 1024 * 1024
_BATCH: Final = 300
"""People of one transaction: as many as fit into the variables of an operation, which is as long as others wait."""


class FileTypeError(WardshipError):
    """The file is neither CSV nor JSON lines: send it as text/csv or application/jsonl."""

    code = "UNSUPPORTED_FILE_TYPE"
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


@post(
    "/members/import",
    status_code=HTTPStatus.OK,
    request_max_body_size=LARGEST_FILE,
    responses=refusals(
        *ORGANISATION_REFUSALS,
        CsrfRefusedError,
        PermissionDeniedError,
        InsufficientScopeError,
        InvalidInputError,
        UnreadableFileError,
        FileTypeError,
        BodyTooLargeError,
    ),
)
async def import_handler(request: AnyRequest, services: InServices, actor: InActor) -> Stream:
    """Import the people of a file of CSV or JSON lines, and answer with JSON lines: one for each person, then the sums.

    Who is a member already is refused, so that a file can be sent again after any failure. An answer without sums,
    or with `ended` beside them, is of a file that was not imported to its end.
    """
    async with services.database.tenant(actor.organisation_id, read_only=True) as transaction:
        Access(actor, transaction, services, request_id_of(request)).require(Permission.MEMBERS_UPDATE)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in READERS:
        raise FileTypeError(f"Send the file as {' or '.join(READERS)} (Content-Type).")
    file = await _received(request, media_type)
    return Stream(_imported(request, services, file, media_type), media_type=JSON_LINES)


async def _received(request: AnyRequest, media_type: str) -> TextIOWrapper:
    """Return the body, once it was read to its end; more than a megabyte of it lies in a file without a name."""
    with ExitStack() as opened:
        spooled = opened.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))
        async for part in request.stream():
            await asyncio.to_thread(spooled.write, part)
        file = opened.enter_context(TextIOWrapper(spooled, encoding="utf-8-sig", newline=""))
        await asyncio.to_thread(count_people, file, media_type)
        file.seek(0)
        opened.pop_all()
    return file


async def _imported(
    request: AnyRequest, services: Services, file: TextIOWrapper, media_type: str
) -> AsyncIterator[bytes]:
    """Import a file batch by batch, and yield what became of each person, then the sums."""
    counted = Counter(imported=0, refused=0)
    ended: dict[str, object] = {}
    people = enumerate(READERS[media_type](file), 1)
    try:
        while batch := await asyncio.to_thread(lambda: list(islice(people, _BATCH))):
            lines = await _import(request, services, batch)
            counted.update("refused" if "error" in line else "imported" for line in lines)
            yield b"".join(map(_encoded, lines))
    except WardshipError as error:
        ended["ended"] = _shown(error)
    finally:
        file.close()
    yield _encoded({**counted, **ended})


async def _import(
    request: AnyRequest, services: Services, batch: Sequence[tuple[int, Read]]
) -> list[dict[str, object]]:
    """Import a batch in one transaction, for the caller as he or she is known now; return a line for each person."""
    named = request.query_params.get("organisation")
    actor = await provide_actor(services, read_credentials(request, services.settings), named)
    rows = {number: read for number, read in batch if isinstance(read, ImportRow)}
    async with services.database.tenant(actor.organisation_id) as transaction:
        access = Access(actor, transaction, services, request_id_of(request))
        results = dict(zip(rows, await import_members(access, list(rows.values())), strict=True))
    return [_line(number, read if isinstance(read, WardshipError) else results[number]) for number, read in batch]


def _line(number: int, result: ImportResult | WardshipError) -> dict[str, object]:
    if isinstance(result, WardshipError):
        return {"row": number, "error": _shown(result)}
    if result.refusal is not None:
        return {"row": number, "error": _shown(result.refusal)}
    return {"row": number, "memberId": str(GlobalId("Member", str(result.member_id)))}


def _shown(error: WardshipError) -> dict[str, object]:
    return {"code": error.code, "message": error.message, "path": [to_camel_case(name) for name in error.path]}


def _encoded(line: Mapping[str, object]) -> bytes:
    return msgspec.json.encode(line) + b"\n"


def upload_router(services: Services) -> Router:
    """Return the route of files of people."""
    return Router(
        "/",
        route_handlers=[import_handler],
        dependencies={"services": Provide(lambda: services, sync_to_thread=False), **sign_in_dependencies(services)},
        tags=["Members"],
    )
