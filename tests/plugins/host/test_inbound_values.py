"""What a call from outside holds is cut out of whatever a plugin says while it handles it."""

from __future__ import annotations

import json

import pytest

from wardship.plugins.api import InboundCall
from wardship.plugins.host.data_guards import Redaction
from wardship.plugins.host.inbound_values import MOST

JSON = (("content-type", "application/json"),)
FORM = (("content-type", "application/x-www-form-urlencoded"),)


def said(call: InboundCall, text: str) -> str:
    return Redaction.of(call, ["t0ps3cret"]).cut(text)


@pytest.mark.parametrize(
    ("call", "value"),
    [
        (InboundCall(headers=JSON, body=json.dumps({"a": [{"mail": "ada@example.org"}]}).encode()), "ada@example.org"),
        (InboundCall(headers=JSON, body=b'{"phone": 4420794609}'), "4420794609"),
        (InboundCall(headers=FORM, body=b"mail=ada%40example.org&n=1"), "ada@example.org"),
        (InboundCall(headers=(("x-person", "Lovelace"),), body=b""), "Lovelace"),
        (InboundCall(headers=(), body=b"", query=(("who", "Lovelace"),)), "Lovelace"),
    ],
)
def test_values_of_headers_query_and_body_are_cut(call, value):
    assert said(call, f"refused {value} for t0ps3cret") == "refused [cut] for [cut]"


@pytest.mark.parametrize(
    "body",
    [
        b"Ada Lovelace <ada@example.org>",
        b"<xml><who>Ada</who></xml>",
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps([f"value {n}" for n in range(MOST + 1)]).encode(),
        json.dumps(["x" * 40_000]).encode(),
    ],
)
def test_of_what_can_t_be_told_apart_nothing_that_is_said_is_kept(body):
    assert said(InboundCall(headers=JSON, body=body), "a word\nand another") == "[cut]"


def test_a_body_nested_very_deeply_is_no_fault():
    deep = b'{"a": ' * 400 + b'"Lovelace"' + b"}" * 400
    assert said(InboundCall(headers=JSON, body=deep), "of Lovelace") in {"of [cut]", "[cut]"}
