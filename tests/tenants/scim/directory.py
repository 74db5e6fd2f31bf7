"""An organisation's directory, as it calls `/scim/v2`: the real route, transactions and database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from tests.builders import Organisation, Person, access_for, system_access
from tests.edge import make_app
from wardship.tenants.access import Services
from wardship.tenants.provisioning.tokens import create_provisioning_token
from wardship.tenants.scim.routes import scim_router

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"


@dataclass
class Directory:
    """Calls with one token; answers are read as JSON."""

    services: Services
    token: str

    async def send(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, **query: Any
    ) -> httpx.Response:
        """Return the answer to a request."""
        app = make_app(self.services.settings, scim_router(self.services))
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        sent = {"authorization": f"Bearer {self.token}", "content-type": "application/scim+json", **(headers or {})}
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.request(
                method, f"/scim/v2{path}", json=body, headers=sent, params={k: str(v) for k, v in query.items()}
            )

    async def json(self, method: str, path: str, body: Any = None, status: int = 200, **query: Any) -> Any:
        """Return the document that answers a request with this status."""
        answer = await self.send(method, path, body, **query)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def add(self, user_name: str, **attributes: Any) -> dict[str, Any]:
        """Add a user and return it."""
        return await self.json("POST", "/Users", {"schemas": [USER], "userName": user_name, **attributes}, 201)

    async def patch(self, path: str, *operations: dict[str, Any], status: int = 200) -> Any:
        """Send operations and return the resource."""
        return await self.json("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)}, status)

    async def find(self, path: str, wanted: str) -> list[dict[str, Any]]:
        """Return what a filter finds."""
        return (await self.json("GET", path, filter=wanted)).get("Resources", [])


async def make_directory(services: Services, of: Organisation | Person) -> Directory:
    """Make a token, by a person or by the operator, and return who has it."""
    opened = access_for(services, of) if isinstance(of, Person) else system_access(services, of)
    async with opened as access:
        return Directory(services, (await create_provisioning_token(access, "directory")).text)
