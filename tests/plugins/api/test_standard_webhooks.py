"""Our webhooks and those of the packages that vendors use: each verifies what the other has signed, nothing else."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tools.prepare.node_packages import node
from wardship.plugins.api import InboundCall, WebhookRefusedError, new_webhook_secret, sign_webhook, verify_webhook

FOLDER = Path(__file__).parent / "standard_webhooks"
SECRET, NEXT, OTHER = (new_webhook_secret() for _ in range(3))
MESSAGE = "msg_2f9a"
BODIES = {
    "plain": {"type": "wardship.share", "data": {"records": 1}},
    "all scripts": {
        "data": "Ada Lovelace, Żółć, Ελλάδα, Москва, עברית, العربية, 日本語, 한국어, ไทย, 👩🏽‍🚀, e\u0301, \u202eRTL"
    },
    "what JSON escapes": {"data": 'a "quote", a \\ and \u2028, \x7f, \t and </script>'},
    "many": {"data": [{"id": f"subject-{number}", "value": "ü" * 50} for number in range(2000)]},
}


class Package(Protocol):
    """A package for webhooks that others have written. It knows the machine's clock alone."""

    def sign(self, secret: str, at: datetime, body: str) -> str:
        """Return the signature of a message."""

    def verify(self, secret: str, headers: Mapping[str, str], body: str) -> object:
        """Return the payload; ``WebhookVerificationError`` where the message is not believed."""


class OfPyPi:
    """The package of PyPI."""

    def sign(self, secret, at, body):
        return Webhook(secret).sign(MESSAGE, at, body)

    def verify(self, secret, headers, body):
        return Webhook(secret).verify(body, dict(headers))


class OfNpm:
    """The package of npm, in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def sign(self, secret, at, body):
        return self._ask(act="sign", secret=secret, id=MESSAGE, at=at.timestamp(), body=body)["signature"]

    def verify(self, secret, headers, body):
        answer = self._ask(act="verify", secret=secret, headers=dict(headers), body=body)
        if "refused" in answer:
            raise WebhookVerificationError(answer["refused"])
        return answer["payload"]

    def _ask(self, **values: object) -> dict[str, object]:
        self._process.stdin.write(json.dumps(values).encode() + b"\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@pytest.fixture(scope="module")
def _npm() -> Iterator[OfNpm]:
    assert (FOLDER / "node_modules").is_dir(), f"run `make test` once, or `npm ci` in {FOLDER.name}"
    command = [node(), "webhooks.mjs"]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield OfNpm(process)
        process.stdin.close()
        process.wait()


@pytest.fixture(params=["PyPI", "npm"])
def package(request, _npm) -> Package:
    return OfPyPi() if request.param == "PyPI" else _npm


@pytest.fixture
def now() -> datetime:
    """The machine's own, which the packages compare with."""
    return datetime.now(UTC).replace(microsecond=0)


def text_of(name: str) -> str:
    return json.dumps(BODIES[name], ensure_ascii=False)


def call(headers: Mapping[str, str], body: str) -> InboundCall:
    return InboundCall(headers=tuple(headers.items()), body=body.encode())


def headers_of(signature: str, at: datetime) -> dict[str, str]:
    return {
        "webhook-id": MESSAGE,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }


@pytest.mark.parametrize("name", BODIES)
def test_what_we_sign_is_verified_by_the_package(package, now, name):
    body = text_of(name)
    headers = sign_webhook(MESSAGE, now, body.encode(), SECRET)
    assert package.verify(SECRET, headers, body) == BODIES[name]


@pytest.mark.parametrize("name", BODIES)
def test_what_the_package_signs_is_verified_by_us(package, now, name):
    body = text_of(name)
    message = verify_webhook(call(headers_of(package.sign(SECRET, now, body), now), body), SECRET, now=now)
    assert (message.id, message.sent_at) == (MESSAGE, now)


def test_both_sign_one_message_with_one_signature(package, now):
    body = text_of("all scripts")
    ours = sign_webhook(MESSAGE, now, body.encode(), SECRET)["webhook-signature"]
    assert package.sign(SECRET, now, body) == ours


@pytest.mark.parametrize("held", [SECRET, NEXT], ids=["before", "after"])
def test_while_a_secret_is_replaced_the_package_verifies_by_either(package, now, held):
    body = text_of("plain")
    headers = sign_webhook(MESSAGE, now, body.encode(), NEXT, SECRET)
    assert package.verify(held, headers, body) == BODIES["plain"]
    with pytest.raises(WebhookVerificationError):
        package.verify(OTHER, headers, body)


@pytest.mark.parametrize("held", [(SECRET,), (NEXT,), (NEXT, SECRET)], ids=["before", "after", "both"])
def test_while_the_vendor_replaces_its_secret_we_verify_by_either(package, now, held):
    body = text_of("plain")
    both = f"{package.sign(NEXT, now, body)} {package.sign(SECRET, now, body)}"
    assert verify_webhook(call(headers_of(both, now), body), *held, now=now).id == MESSAGE
    with pytest.raises(WebhookRefusedError):
        verify_webhook(call(headers_of(both, now), body), OTHER, now=now)


def test_after_the_replacement_the_earlier_secret_fits_nothing_on_either_side(package, now):
    body = text_of("plain")
    with pytest.raises(WebhookVerificationError):
        package.verify(SECRET, sign_webhook(MESSAGE, now, body.encode(), NEXT), body)
    with pytest.raises(WebhookRefusedError):
        verify_webhook(call(headers_of(package.sign(SECRET, now, body), now), body), NEXT, now=now)


def _changed(headers: dict[str, str], name: str, value: str | None) -> dict[str, str]:
    return {key: text for key, text in (headers | {name: value}).items() if text is not None}


FORGED = {
    "another id": ("webhook-id", "msg_other"),
    "another moment": ("webhook-timestamp", "1"),
    "no signature": ("webhook-signature", None),
    "another signature": ("webhook-signature", "v1,aGVsbG8="),
    "another version": ("webhook-signature", "v2,aGVsbG8="),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_is_forged_is_refused_by_both_sides(package, now, name):
    body = text_of("plain")
    with pytest.raises(WebhookVerificationError):
        package.verify(SECRET, _changed(sign_webhook(MESSAGE, now, body.encode(), SECRET), *FORGED[name]), body)
    with pytest.raises(WebhookRefusedError):
        theirs = headers_of(package.sign(SECRET, now, body), now)
        verify_webhook(call(_changed(theirs, *FORGED[name]), body), SECRET, now=now)


def test_another_body_is_refused_by_both_sides(package, now):
    body = text_of("plain")
    with pytest.raises(WebhookVerificationError):
        package.verify(SECRET, sign_webhook(MESSAGE, now, body.encode(), SECRET), body + " ")
    with pytest.raises(WebhookRefusedError):
        verify_webhook(call(headers_of(package.sign(SECRET, now, body), now), body + " "), SECRET, now=now)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_what_was_signed_at_another_time_is_refused_by_both_sides(package, now, minutes):
    at, body = now + timedelta(minutes=minutes), text_of("plain")
    with pytest.raises(WebhookVerificationError):
        package.verify(SECRET, sign_webhook(MESSAGE, at, body.encode(), SECRET), body)
    with pytest.raises(WebhookRefusedError):
        verify_webhook(call(headers_of(package.sign(SECRET, at, body), at), body), SECRET, now=now)


def test_a_secret_without_padding_is_the_same_secret(package, now):
    """A vendor's own package takes it, and shows it so."""
    body, bare = text_of("plain"), SECRET.rstrip("=")
    assert bare != SECRET
    assert verify_webhook(call(headers_of(package.sign(SECRET, now, body), now), body), bare, now=now).id == MESSAGE
    assert package.verify(SECRET, sign_webhook(MESSAGE, now, body.encode(), bare), body) == BODIES["plain"]
