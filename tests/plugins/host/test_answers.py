"""Which successes tell nothing of what was asked."""

from __future__ import annotations

import pytest

from wardship.plugins.api import HttpResponse
from wardship.plugins.host.answers import tells_nothing

PAGE = {"content-type": "text/html; charset=utf-8"}
FAILED = b"<multistatus><response><href>/book/</href><status>HTTP/1.1 503 Busy</status></response></multistatus>"
ABSENT = b"<multistatus><response><propstat><status>HTTP/1.1 404 Not Found</status></propstat></response></multistatus>"


@pytest.mark.parametrize(
    ("method", "status", "headers", "body", "is_void"),
    [
        ("GET", 200, {}, b"", True),
        ("GET", 204, {}, b"", True),
        ("GET", 200, {}, b" \r\n", True),
        ("GET", 200, PAGE, b"sign in", True),
        ("HEAD", 200, PAGE, b"", True),
        ("GET", 200, {}, b"\n<!DOCTYPE html><title>Sign in</title>", True),
        ("POST", 200, {}, b'{"data": null, "errors": [{"message": "slow down"}]}', True),
        ("POST", 200, {}, b'{"ok": false, "error": "ratelimited"}', True),
        ("REPORT", 207, {}, FAILED, True),
        ("HEAD", 200, {}, b"", False),
        ("POST", 201, {}, b"", False),
        ("GET", 200, {}, b"[]", False),
        ("POST", 200, {}, b'{"data": [], "errors": []}', False),
        ("GET", 200, {}, b'{"errors"', False),
        ("REPORT", 207, {}, b"<multistatus/>", False),
        ("PROPFIND", 207, {}, ABSENT, False),
    ],
)
def test_a_success_without_an_answer_is_known_as_such(method, status, headers, body, is_void):
    assert tells_nothing(method, HttpResponse(status, headers, body)) is is_void
