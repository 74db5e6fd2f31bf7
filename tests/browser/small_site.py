"""A small server for the pages: the real routes and the real engine, and a sign-in that a test can see through."""

import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import strawberry
import uvicorn
from litestar import Litestar, Request, Response, get, post
from litestar.params import JSONBody

from wardship.graphql.console import built_console, console_routes
from wardship.graphql.engine import GraphQLHandler, Operation, RequestRefusedError, graphql_route, root_field
from wardship.graphql.engine import field as described

AnyRequest: TypeAlias = Request[Any, Any, Any]
Body: TypeAlias = JSONBody[dict[str, str]]

ACCOUNT = {"id": "1", "email": "ada@example.org", "name": "Ada Lovelace", "is_privacy_team": False}
ORGANISATIONS = [{"slug": "north", "name": "North Ltd"}, {"slug": "south", "name": "South Ltd"}]
PASSWORD = "correct horse battery staple"
CODE = "123456"
SECRET = "JBSWY3DPEHPK3PXP"
QR = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><path d="M0 0h1v1H0z"/></svg>'
RECOVERY_CODES = ["aaaa-1111", "bbbb-2222"]


@dataclass
class Site:
    """One account, how far its sign-in has come, and what the server was asked."""

    stage: str | None = "complete"
    token: str = "token-1"
    origin: str = ""
    is_privacy_team: bool = False
    has_second_factor: bool = True
    is_by_provider: bool = False
    has_to_choose: bool = False
    organisations: list[dict[str, str]] = field(default_factory=lambda: ORGANISATIONS)
    organisations_asked: list[str | None] = field(default_factory=list)
    refused: int = 0

    def session(self) -> dict[str, Any]:
        is_complete = self.stage == "complete"
        is_member = is_complete and not self.is_privacy_team
        return {
            "account": {**ACCOUNT, "is_privacy_team": self.is_privacy_team} if is_complete else None,
            "csrf_token": self.token,
            "stage": self.stage,
            "organisations": self.organisations if is_member else [],
            "organisation": "north" if is_member else None,
            "is_by_provider": self.is_by_provider,
        }

    def require_token(self, request: AnyRequest) -> None:
        if request.headers.get("X-Wardship-CSRF") != self.token:
            self.refused += 1
            raise RequestRefusedError("The CSRF token is not this session's.", code="CSRF", http_status=403)

    def move(self, stage: str | None, step: str, **more: object) -> Response[Any]:
        """Come to another stage, under another token: as the real server does."""
        self.stage, self.token = stage, f"{self.token}+"
        choice_page = "/auth/choice" if stage == "complete" and self.has_to_choose else None
        return Response({"step": step, "choice_page": choice_page, **more})


@dataclass
class Asking:
    """What the resolvers see."""

    site: Site
    organisation: str | None


@strawberry.type(description="A member.")
class Member:
    name: str = described(cost=0, description="The name.")


@strawberry.type(description="What can be asked.")
class Query:
    @root_field(cost=1, description="The organisation on whose behalf one asks.")
    def organisation(self, info: strawberry.Info) -> str | None:
        asking: Asking = info.context
        asking.site.organisations_asked.append(asking.organisation)
        return asking.organisation

    @root_field(cost=1, description="A member.")
    def member(self, email: str) -> Member | None:
        return Member(name="Grace Hopper") if email == "grace@example.org" else None


def signing_in(site: Site) -> list[Any]:
    @get("/auth/session", sync_to_thread=False)
    def session() -> dict[str, Any]:
        return site.session()

    @get("/auth/ways", sync_to_thread=False)
    def ways() -> dict[str, Any]:
        return {"mailed_link": True, "passkey": True, "providers": []}

    @post("/auth/sign-in", status_code=200, sync_to_thread=False)
    def first_step(data: Body) -> Response[Any]:
        if data != {"email": ACCOUNT["email"], "password": PASSWORD}:
            return Response({"message": "The address or the password is wrong."}, status_code=401)
        if not site.has_second_factor:
            return site.move("enrolment", "enrolment")
        return site.move("second_step", "totp")

    @post("/auth/second-step", status_code=200, sync_to_thread=False)
    def second_step(request: AnyRequest, data: Body) -> Response[Any]:
        site.require_token(request)
        if site.stage != "second_step" or data != {"code": CODE}:
            return Response({"message": "The code is wrong."}, status_code=401)
        return site.move("complete", "done")

    @post("/auth/sign-out", status_code=200, sync_to_thread=False)
    def sign_out(request: AnyRequest) -> Response[Any]:
        site.require_token(request)
        return site.move(None, "")

    @post("/auth/provider/sign-out", status_code=200, sync_to_thread=False)
    def provider_sign_out(request: AnyRequest) -> Response[Any]:
        site.require_token(request)
        return site.move(None, "", url=f"{site.origin}/provider/logout")

    return [session, ways, first_step, second_step, sign_out, provider_sign_out]


def enrolling(site: Site) -> list[Any]:
    @post("/auth/enrol-second-factor", status_code=200, sync_to_thread=False)
    def enrol(request: AnyRequest) -> dict[str, str]:
        site.require_token(request)
        return {"secret": SECRET, "uri": f"otpauth://totp/x?secret={SECRET}", "qr_svg": QR}

    @post("/auth/enrol-second-factor/confirm", status_code=200, sync_to_thread=False)
    def confirm(request: AnyRequest, data: Body) -> Response[Any]:
        site.require_token(request)
        if data != {"code": CODE}:
            return Response({"message": "The code is wrong."}, status_code=401)
        return site.move("complete", "done", recovery_codes=RECOVERY_CODES)

    return [enrol, confirm]


def application(site: Site) -> Litestar:
    @asynccontextmanager
    async def context(request: AnyRequest, _operation: Operation) -> AsyncIterator[Asking]:
        site.require_token(request)
        yield Asking(site, request.headers.get("X-Wardship-Organisation"))

    api = graphql_route(GraphQLHandler(strawberry.Schema(Query), context=context), is_get_allowed=False)
    pages = console_routes(built_console())
    return Litestar([*signing_in(site), *enrolling(site), api, pages], openapi_config=None)


@contextmanager
def running_site() -> Iterator[Site]:
    """Serve a site on loopback."""
    site = Site()
    settings = uvicorn.Config(application(site), log_level="warning", lifespan="off", ws="none")
    server = uvicorn.Server(settings)
    # Listening before the server runs: a browser that is early waits instead of being refused.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        site.origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        yield site
        server.should_exit = True
        thread.join()
