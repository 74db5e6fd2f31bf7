"""What a vendor's own server does with messages: who is held, what is begun, and the document that declares it.

It knows nothing of Wardship's code, as a server in any language: JSON, and signatures of Standard Webhooks.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

KEY: Final = "letters"
_TOLERANCE_S: Final = 300
_STEP: Final = {"method": "webhook", "deletes": "all that was sent", "deadline_h": 24, "proof": "receipt"}
_MANIFEST: Final[dict[str, Any]] = {
    "key": KEY,
    "name": "Letters",
    "version": "1.0.0",
    "contract": 2,
    "vendor": {"legal_name": "Briefpost GmbH", "country": "DE", "privacy_contact": "privacy@letters.example"},
    "receives": [
        {
            "category": "user.name",
            "fields": ["first_name", "last_name"],
            "purpose": "essential.service",
            "legal_basis": "contract",
            "retention_days": 0,
        },
        {
            "category": "user.contact.email",
            "fields": ["email"],
            "purpose": "essential.service",
            "legal_basis": "contract",
            "retention_days": 0,
        },
    ],
    "supports": {"export": "sync", "erase": "delete", "revoke": "api", "attest": "receipt", "correct": True},
    "transfer": {"countries": ["DE"], "safeguard": "none_needed"},
}
_FORM: Final = {
    "type": "object",
    "properties": {"workspace": {"type": "string", "title": "Workspace"}},
    "required": ["workspace"],
}


def signature(secret: str, message_id: str, moment: str, body: bytes) -> str:
    """Return what signs a message (https://www.standardwebhooks.com)."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.digest(key, f"{message_id}.{moment}.".encode() + body, "sha256")).decode()


def _whom(data: dict[str, Any]) -> tuple[str, str]:
    """Return by what a message's person is held."""
    return data["installation_id"], data["argument"]["id"]


@dataclass
class Answer:
    """What is answered to a message."""

    status: int
    body: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Letters:
    """The vendor: what it was told, what it holds, and what it has begun.

    Attributes:
        secret: that it was shown when it registered.
        takes_time: whether an erasure is begun only, and ended by a call of its own.
        held: by installation and person, the fields.
        begun: erasures that are not done yet, each with where to tell of it.
        refused: how many messages were not signed as they have to be.
        heard: the messages, in order: headers and content.
        now: seconds since 1970.
    """

    secret: str = ""
    takes_time: bool = True
    held: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    begun: list[dict[str, Any]] = field(default_factory=list)
    refused: int = 0
    heard: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    now: Callable[[], float] = time.time

    def document(self, endpoint: str) -> dict[str, Any]:
        """Return what declares the integration."""
        steps = [{"verb": verb, **_STEP} for verb in ("revoke", "erase")]
        plan = {"steps": steps}
        return {
            "wardship": 1,
            "endpoint": endpoint,
            "manifest": _MANIFEST,
            "revocation_plan": plan,
            "settings_schema": _FORM,
        }

    def take(self, headers: dict[str, str], body: bytes) -> Answer:
        """Do what a message asks, if it is signed."""
        if not self._is_signed(headers, body):
            self.refused += 1
            return Answer(401, {"detail": "the signature does not fit"})
        message = json.loads(body)
        self.heard.append((headers, message))
        return self._do(message["data"])

    def _is_signed(self, headers: dict[str, str], body: bytes) -> bool:
        message_id, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if not self.secret or not moment.isdigit() or abs(self.now() - int(moment)) > _TOLERANCE_S:
            return False
        wanted = signature(self.secret, message_id, moment, body)
        return any(hmac.compare_digest(wanted, given) for given in headers.get("webhook-signature", "").split(" "))

    def _do(self, data: dict[str, Any]) -> Answer:
        acts: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "share": self._keep,
            "correct": self._keep,
            "erase": self._begin_erasure,
            "revoke": self._end,
            "export": lambda asked: Answer(200, self._export(*_whom(asked))),
            "attest": lambda _: Answer(200, self._receipt()),
        }
        act = acts.get(data["verb"])
        return Answer(204) if act is None else act(data)

    def _keep(self, data: dict[str, Any]) -> Answer:
        argument = data["argument"]
        records = argument["records"] if data["verb"] == "share" else [argument]
        for record in records:
            fields = {each["name"]: each["value"] for each in record["fields"]}
            self.held[data["installation_id"], record["subject"]["id"]] = fields
        return Answer(200, {"status": "completed", "records_affected": len(records)})

    def _begin_erasure(self, data: dict[str, Any]) -> Answer:
        if not self.takes_time:
            return Answer(200, self._erase(*_whom(data)))
        if data["continuation"] is None:
            self.begun.append(data)
        return Answer(202)

    def _end(self, data: dict[str, Any]) -> Answer:
        asked = data["argument"]
        named = {subject["id"] for subject in asked["subjects"]}
        ending = [key for key in self.held if key[0] == data["installation_id"]]
        ended = [self.held.pop(key) for key in ending if asked["everything"] or key[1] in named]
        return Answer(200, {"status": "completed", "records_affected": len(ended)})

    def _erase(self, place: str, person: str) -> dict[str, Any]:
        was_held = self.held.pop((place, person), None) is not None
        return {"status": "completed", "records_affected": int(was_held)}

    def _export(self, place: str, person: str) -> dict[str, Any]:
        categories = {name: each["category"] for each in _MANIFEST["receives"] for name in each["fields"]}
        held = self.held.get((place, person), {})
        rows = [{"category": categories[name], "name": name, "value": value} for name, value in held.items()]
        return {"outcome": {"status": "completed", "records_affected": int(bool(held))}, "rows": rows}

    def _receipt(self) -> dict[str, Any]:
        return {
            "level": "receipt",
            "checked_at": datetime.fromtimestamp(self.now(), UTC).isoformat(),
            "method": "the receipt of the mailing list",
            "vendor_confirmation": {"code": f"receipt-{secrets.token_hex(4)}"},
        }

    def finish(self) -> list[tuple[str, dict[str, str], bytes]]:
        """Do what was begun, and return the calls that tell of it: address, headers and body."""
        done, self.begun = self.begun, []
        return [self.telling(data, self._erase(*_whom(data))) for data in done]

    def telling(self, data: dict[str, Any], outcome: dict[str, Any]) -> tuple[str, dict[str, str], bytes]:
        """Return the call that tells what became of something."""
        said = {"type": "outcome", "data": {"obligation_id": data["obligation_id"], "outcome": outcome}}
        body = json.dumps(said).encode()
        message_id, moment = f"msg_{secrets.token_hex(8)}", str(int(self.now()))
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": moment,
            "webhook-signature": signature(self.secret, message_id, moment, body),
            "content-type": "application/json",
        }
        return data["callback_url"], headers, body
