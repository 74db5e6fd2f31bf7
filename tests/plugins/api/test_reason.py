"""What a vendor says of a refusal is read from the forms in which refusals are said, and from nothing else."""

from __future__ import annotations

import json

import pytest

from wardship.plugins.api import AuthorisationExpired, HttpResponse, Rejected, TemporarilyUnavailable
from wardship.plugins.api.reason import LONGEST, vendor_reason

PROBLEM = {"type": "about:blank", "title": "Member exists", "detail": "c is already a list member"}
DAV_ERROR = (
    '<?xml version="1.0"?>\n<d:error xmlns:d="DAV:"><d:need-privileges><d:resource/></d:need-privileges></d:error>'
)


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        ("application/problem+json", json.dumps(PROBLEM), "c is already a list member"),
        ("application/json; charset=utf-8", '{"error": {"code": 7, "message": "no such list"}}', "no such list"),
        ("application/json", '{"error": "invalid_grant", "error_description": "expired"}', "expired"),
        ("application/json", '{"errors": [{"title": "too long"}]}', "too long"),
        ("application/json", '["not", "said"]', "not"),
        ("application/json", '{"error": {"error": {"error": {"error": "deep"}}}}', ""),
        ("application/json", "{" * 100_000, ""),
        ("application/json", "7", ""),
        ("text/xml", DAV_ERROR, "need privileges"),
        ("application/xml", "<error>plain</error>", ""),
        ("text/plain", "quota exceeded\nsee the manual", "quota exceeded"),
        ("text/plain", "a\tb\x00\x1b[31mc", "a b [31mc"),
        ("text/html", "<h1>Forbidden</h1>", ""),
        ("application/xhtml+xml", "<error><x/></error>", ""),
        ("", "something", ""),
    ],
)
def test_a_reason_is_read_where_one_is_said(kind, body, reason):
    assert vendor_reason({"content-type": kind}, body.encode()) == reason


def test_a_long_reason_is_cut():
    assert vendor_reason({"content-type": "text/plain"}, b"x" * 5000) == "x" * (LONGEST - 1) + "…"


@pytest.mark.parametrize(
    ("status", "error", "message"),
    [
        (401, AuthorisationExpired, "the vendor refused our credentials (HTTP 401: why); reconnect"),
        (403, AuthorisationExpired, "the vendor refused access (HTTP 403: why); see what the account may do there"),
        (422, Rejected, "the vendor refused the call (HTTP 422: why)"),
        (429, TemporarilyUnavailable, "the vendor asks for a slower pace (HTTP 429: why)"),
        (503, TemporarilyUnavailable, "the vendor is unavailable (HTTP 503: why)"),
    ],
)
def test_an_unexpected_answer_is_an_error_with_the_vendors_reason(status, error, message):
    with pytest.raises(error) as caught:
        HttpResponse(status, {"content-type": "text/plain"}, b"why").expect(200)
    assert caught.value.message == message
