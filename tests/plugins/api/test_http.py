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


def answered(status: int) -> HttpResponse:
    return HttpResponse(status, {}, b"")


@pytest.mark.parametrize(("status", "is_gone"), [(404, True), (410, True), (200, False), (204, False)])
def test_what_is_looked_up_is_gone_or_found(status, is_gone):
    assert answered(status).expect_absent() is is_gone


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, AuthorisationExpired), (403, AuthorisationExpired), (301, Rejected), (400, Rejected)]
    + [(status, TemporarilyUnavailable) for status in (408, 429, 500, 503)],
)
def test_an_answer_that_tells_neither_is_no_absence(status, error):
    with pytest.raises(error):
        answered(status).expect_absent()


@pytest.mark.parametrize(("status", "is_refused"), [(401, True), (403, True), (200, False)])
def test_a_credential_is_refused_or_accepted(status, is_refused):
    assert answered(status).expect_refused() is is_refused


@pytest.mark.parametrize(
    ("status", "error"),
    [(404, Rejected), (302, Rejected), (429, TemporarilyUnavailable), (503, TemporarilyUnavailable)],
)
def test_an_answer_that_tells_neither_is_no_refusal(status, error):
    with pytest.raises(error):
        answered(status).expect_refused()
