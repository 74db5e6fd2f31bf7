from __future__ import annotations

import pytest

from wardship.plugins.api import AuthorisationExpired, HttpResponse, Rejected, TemporarilyUnavailable


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, AuthorisationExpired),
        (403, AuthorisationExpired),
        (408, TemporarilyUnavailable),
        (425, TemporarilyUnavailable),
        (429, TemporarilyUnavailable),
        (500, TemporarilyUnavailable),
        (503, TemporarilyUnavailable),
        (302, Rejected),
        (404, Rejected),
        (422, Rejected),
    ],
)
def test_an_unexpected_status_is_the_fitting_error(status, error):
    with pytest.raises(error, match=f"HTTP {status}"):
        HttpResponse(status, {}, b"").expect(200, 204)


def test_an_expected_status_is_no_error():
    response = HttpResponse(404, {}, b"")
    assert response.expect(200, 404) is response


def test_the_wait_that_the_vendor_asked_for_is_kept():
    with pytest.raises(TemporarilyUnavailable) as caught:
        HttpResponse(429, {}, b"", retry_after_s=7.0).expect(200)
    assert caught.value.retry_after_s == 7.0


def test_a_body_is_text_and_json():
    response = HttpResponse(200, {}, b'{"a": "\xc3\xa9"}')
    assert response.json() == {"a": "é"}
    assert response.text == '{"a": "é"}'
    with pytest.raises(TemporarilyUnavailable, match="not JSON"):
        HttpResponse(200, {}, b"<html>").json()


def test_a_response_does_not_show_its_body():
    assert "secret" not in repr(HttpResponse(200, {"x": "secret"}, b"secret"))
