"""Webhooks are signed and verified as Standard Webhooks 1.0 says, and nothing else is believed."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from wardship.plugins.api import (
    WEBHOOK_TOLERANCE,
    InboundCall,
    WebhookRefusedError,
    new_webhook_secret,
    sign_webhook,
    verify_webhook,
)

# The example of the specification's own libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC), b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
OTHER = new_webhook_secret()


def call(body: bytes = BODY, *more: tuple[str, str], **changed: str | None) -> InboundCall:
    """Return the example's call; ``changed`` headers by the last part of their name, None for none."""
    signed = {"id": MESSAGE, "timestamp": "1614265330", "signature": SIGNATURE} | changed
    headers = [(f"Webhook-{name.title()}", value) for name, value in signed.items() if value is not None]
    return InboundCall(headers=(*headers, *more), body=body)


def test_the_example_of_the_specification_is_signed_and_verified():
    assert sign_webhook(MESSAGE, AT, BODY, SECRET) == {
        "webhook-id": MESSAGE,
        "webhook-timestamp": "1614265330",
        "webhook-signature": SIGNATURE,
    }
    message = verify_webhook(call(), SECRET, now=AT)
    assert (message.id, message.sent_at) == (MESSAGE, AT)


def test_a_secret_is_replaced_with_an_overlap_on_either_side():
    both = sign_webhook(MESSAGE, AT, BODY, OTHER, SECRET)["webhook-signature"]
    assert len(both.split(" ")) == 2
    assert verify_webhook(call(signature=both), SECRET, now=AT).id == MESSAGE
    assert verify_webhook(call(), OTHER, SECRET, now=AT).id == MESSAGE
    assert verify_webhook(call(signature=f"v1a,unknown v2,x {SIGNATURE}"), SECRET, now=AT).id == MESSAGE


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_five_minutes_are_tolerated_in_either_direction(seconds):
    assert timedelta(minutes=5) == WEBHOOK_TOLERANCE
    assert verify_webhook(call(), SECRET, now=AT + timedelta(seconds=seconds)).id == MESSAGE


REFUSED = {
    "another body": call(b'{"test": 2432232315}'),
    "another id": call(id="msg_other"),
    "another moment": call(timestamp="1614265331"),
    "no signature": call(signature=None),
    "no id": call(id=None),
    "no moment": call(timestamp=None),
    "an empty signature": call(signature="v1,"),
    "another version": call(signature=SIGNATURE.replace("v1,", "v1a,")),
    "no version": call(signature=SIGNATURE.removeprefix("v1,")),
    "a part of it": call(signature=SIGNATURE[:-4]),
    "no ASCII": call(signature="v1,é"),
    "an id twice": call(BODY, ("webhook-id", MESSAGE)),
    "a moment twice": call(BODY, ("WEBHOOK-TIMESTAMP", "1614265330")),
    "a signature twice": call(BODY, ("webhook-signature", SIGNATURE)),
    "no number": call(timestamp="yesterday"),
    "a number of other digits": call(timestamp="١٦١٤٢٦٥٣٣٠"),
    "a negative moment": call(timestamp="-1614265330"),
    "milliseconds": call(timestamp="1614265330000"),
    "a huge moment": call(timestamp="9" * 400),
    "a long id": call(id="x" * 257),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_signed_exactly_so_is_refused(name):
    with pytest.raises(WebhookRefusedError):
        verify_webhook(REFUSED[name], SECRET, now=AT)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_what_is_signed_at_another_time_is_refused(seconds):
    with pytest.raises(WebhookRefusedError, match="too long ago"):
        verify_webhook(call(), SECRET, now=AT + timedelta(seconds=seconds))


def test_another_secret_fits_nothing_and_no_secret_is_none():
    with pytest.raises(WebhookRefusedError):
        verify_webhook(call(), OTHER, now=AT)
    with pytest.raises(WebhookRefusedError):
        verify_webhook(call(), now=AT)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "no base64!", "whsec_" + "A" * 400])
def test_a_secret_that_is_none_is_refused_before_anything_is_compared(secret):
    """An empty key would be one that everybody has."""
    with pytest.raises(ValueError, match="the secret of a webhook"):
        verify_webhook(call(), secret, now=AT)
    with pytest.raises(ValueError, match="the secret of a webhook"):
        sign_webhook(MESSAGE, AT, BODY, secret)


def test_what_can_t_be_an_id_is_not_signed():
    for name in ("", "x" * 257, "with\nline", "größe"):
        with pytest.raises(ValueError, match="sign with"):
            sign_webhook(name, AT, BODY, SECRET)
    with pytest.raises(ValueError, match="sign with"):
        sign_webhook(MESSAGE, AT, BODY)


def test_a_new_secret_has_256_bits():
    assert len(base64.b64decode(OTHER.removeprefix("whsec_"))) == 32
    assert new_webhook_secret() != OTHER
