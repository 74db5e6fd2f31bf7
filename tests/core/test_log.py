from __future__ import annotations

import io
import json
import logging
import socket
import threading

import pytest
import structlog
import uvicorn
from websockets.sync.client import connect

from wardship.core.log import bind_request, configure_logging
from wardship.core.settings import Settings

TOKEN = "wsp_" + "a1B2-_" * 8


@pytest.fixture(params=["json", "console"])
def written(request, tmp_path):
    """Return what was logged since, in both formats; logging is put back as it was."""
    stream = io.StringIO()
    root = logging.getLogger()
    names = (
        "",
        "uvicorn",
        "uvicorn.error",
        "uvicorn.access",
        "litestar",
        "authlib",
        "aiosmtplib",
        "httpx2",
        "httpcore2",
        "websockets",
    )
    before = {
        name: (logging.getLogger(name).handlers, logging.getLogger(name).level, logging.getLogger(name).propagate)
        for name in names
    }
    access = logging.getLogger("uvicorn.access")  # a server that an earlier test started may have silenced it
    access.propagate = True
    access.setLevel(logging.NOTSET)
    configure_logging(Settings(data_dir=tmp_path, log_format=request.param), stream=stream)
    yield stream.getvalue
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    for name, (handlers, level, propagate) in before.items():
        logger = root if not name else logging.getLogger(name)
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "new_password",
        "token",
        "access_token",
        "Authorization",
        "cookie",
        "set-cookie",
        "csrf_token",
        "client_secret",
        "recovery_codes",
        "otp",
        "recipient",
        "email",
        "api_key",
        "body",
    ],
)
def test_a_value_under_a_telling_key_is_not_written(written, key):
    structlog.get_logger("x").info("happened", **{key: "hunter2", "nested": {key: ["hunter2"]}})
    assert "happened" in written()
    assert "hunter2" not in written()


@pytest.mark.parametrize(
    "text",
    [
        "mail to ann.onymous+tag@example.co.uk failed",
        "<ann.onymous+tag@example.co.uk>: refused",
        f"header Bearer {TOKEN}",
        f"GET /auth/link/{'s3cr3t-link_' * 4} HTTP/1.1",
        f"see https://wardship.example/auth/link/{'s3cr3t-link_' * 4}?x=1",
        "smtp://user:s3cr3t-link_@mail.example:587 refused",
        "POST /x?token=s3cr3t-link_&a=1",
    ],
)
def test_a_telling_value_is_not_written_wherever_it_stands(written, text):
    logger = structlog.get_logger("x")
    logger.info(text)
    logger.info("event", anything=text, deep={"a": [{"b": text}]})
    logging.getLogger("uvicorn.access").info("%s", text)
    logging.getLogger("some.library").warning("args %s", {"a": text})
    for secret in ("ann.onymous", "example.co.uk", TOKEN, "s3cr3t-link_"):
        assert secret not in written()
    assert written().count("\n") >= 4


def test_a_traceback_is_written_without_addresses_and_tokens(written):
    try:
        _fail()
    except RuntimeError:
        structlog.get_logger("x").exception("failed")
        logging.getLogger("some.library").exception("failed too")
    assert written().count("RuntimeError: no such person: [address] [token]") == 2
    assert "ann.onymous" not in written()


def _fail():
    raise RuntimeError(f"no such person: ann.onymous@example.org {TOKEN}")


def test_every_line_has_the_request_and_bound_values_are_redacted(written):
    bind_request("request-7")
    structlog.get_logger("x").bind(email="ann.onymous@example.org").info("first")
    logging.getLogger("some.library").warning("second")
    lines = [line for line in written().splitlines() if "first" in line or "second" in line]
    assert len(lines) == 2
    assert all("request-7" in line for line in lines)
    assert "ann.onymous" not in written()


def test_plain_values_are_written_as_they_are(written):
    structlog.get_logger("x").info("counted", count=3, is_done=True, ratio=0.5, nothing=None, names=["a"])
    line = written().strip().splitlines()[-1]
    if line.startswith("{"):
        found = json.loads(line)
        assert (found["count"], found["is_done"], found["ratio"], found["nothing"]) == (3, True, 0.5, None)
        assert found["names"] == ["a"]
        assert found["level"] == "info"
    else:
        assert "count=3" in line


def test_lines_below_the_level_and_chatty_libraries_are_not_written(written):
    structlog.get_logger("x").debug("detail")
    logging.getLogger("authlib").info("token of somebody")
    assert written() == ""


async def _greet(_scope, receive, send):
    """Accept a WebSocket, and answer what it says first with the same."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": (await receive())["text"]})


def test_at_debug_level_a_websocket_is_served_and_nothing_that_it_shows_is_written(written, tmp_path):
    del written  # it puts logging back as it was
    stream, secrets = io.StringIO(), ("c00kie-of-a-session", "a-secret-of-the-handshake", "a-csrf-token-in-a-message")
    configure_logging(Settings(data_dir=tmp_path, log_level="debug"), stream=stream)
    server = uvicorn.Server(uvicorn.Config(_greet, log_config=None, lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        headers = {"Cookie": f"wardship={secrets[0]}", "X-Anything": secrets[1]}
        with connect(f"ws://127.0.0.1:{listener.getsockname()[1]}/", additional_headers=headers) as opened:
            opened.send(secrets[2])
            assert opened.recv() == secrets[2]
        server.should_exit = True
        thread.join()
    text = stream.getvalue()
    assert "Started server process" in text
    assert [secret for secret in secrets if secret in text] == []
