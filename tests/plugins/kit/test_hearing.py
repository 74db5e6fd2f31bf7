"""What a connector prints and logs beside the host's log is heard, laid to its call, and still written as before."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
import threading

import pytest

from wardship.plugins.api import Verb
from wardship.plugins.kit.hearing import hearing, speaking
from wardship.plugins.kit.seen import Seen

LOG = logging.getLogger("vendor.of.the.test")


@pytest.fixture(autouse=True)
def alone(monkeypatch, caplog):
    """Take out of the way what another test has left to write to: a handler whose stream is closed by now."""
    monkeypatch.setattr(logging.getLogger(), "handlers", [caplog.handler])
    monkeypatch.setattr(LOG, "handlers", [])


@pytest.fixture
def seen():
    return Seen(verb=Verb.CHECK, argument=None, obligation_id="o-1")


@pytest.fixture
def apart(monkeypatch):
    """A logger that hands nothing on to the others."""
    monkeypatch.setattr(LOG, "propagate", False)
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    return LOG


def heard(seen) -> str:
    return "\n".join(text for _, text in seen.texts())


def settings_of_logging() -> list[object]:
    root = logging.getLogger()
    filters = [[*each.filters] for each in root.handlers]
    return [root.level, root.manager.disable, logging.getLogRecordFactory(), filters]


def log_failure() -> None:
    try:
        try:
            {}["the-secret"]
        except KeyError as error:
            raise RuntimeError("it failed") from error
    except RuntimeError:
        LOG.exception("it went wrong")


@pytest.mark.parametrize(
    "tell",
    [
        lambda: print("the-", "secret", sep=""),  # noqa: T201 - what is heard
        lambda: print(*"the-secret", sep="", file=sys.stderr),  # noqa: T201 - what is heard
        lambda: sys.stdout.writelines(["the-", "secret"]),
        lambda: sys.stdout.buffer.write(b"the-secret"),
        lambda: LOG.debug("the-secret"),
        lambda: LOG.info("told: %s", "the-secret"),
        lambda: LOG.warning("told", extra={"token": "the-secret"}),
        log_failure,
    ],
    ids=["print", "pieces", "lines", "bytes", "debug", "argument", "extra", "exception"],
)
def test_what_is_told_is_heard_whichever_way(seen, tell):
    with hearing(), speaking(seen):
        tell()
    assert "the-secret" in heard(seen)


def test_a_logger_that_hands_nothing_on_is_heard(seen, apart):
    with hearing(), speaking(seen):
        apart.info("the-secret")
    assert "the-secret" in heard(seen)


def test_arguments_that_do_not_fit_are_heard_nevertheless(seen, apart):
    apart.handlers.clear()  # pytest's own, which raises what does not fit
    with hearing(), speaking(seen):
        apart.info("told: %d", "the-secret")
        apart.info("told: %(it)s", {"other": "another-secret"})
    assert "the-secret" in heard(seen)
    assert "another-secret" in heard(seen)


def test_what_logging_disabled_is_heard_and_still_not_written(seen, caplog):
    logging.disable(logging.CRITICAL)
    try:
        with hearing(), speaking(seen):
            LOG.error("the-secret")
        assert logging.root.manager.disable == logging.CRITICAL
    finally:
        logging.disable(logging.NOTSET)
    assert "the-secret" in heard(seen)
    assert caplog.text == ""


def test_another_thread_that_asyncio_starts_is_the_connectors(seen):
    with hearing(), speaking(seen):
        asyncio.run(asyncio.to_thread(LOG.info, "the-secret"))
    assert "the-secret" in heard(seen)


def test_what_the_host_says_meanwhile_is_laid_to_nobody(seen):
    with hearing(), speaking(seen):
        with speaking(None):
            LOG.info("the host's")
            sys.stdout.write("the host's")
        other = threading.Thread(target=LOG.info, args=("another's",))
        other.start()
        other.join()
    assert heard(seen).strip() == ""


def test_it_is_written_as_it_would_have_been_and_everything_is_put_back(seen, monkeypatch, caplog):
    streams = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", streams[0])
    monkeypatch.setattr(sys, "stderr", streams[1])
    before = settings_of_logging()
    with hearing(), speaking(seen):
        sys.stdout.write("out")
        sys.stderr.write("err")
        LOG.debug("below the level")
        LOG.warning("above the level")
    assert (sys.stdout, sys.stderr) == streams
    assert [stream.getvalue() for stream in streams] == ["out", "err"]
    assert [record.message for record in caplog.records] == ["above the level"]
    assert settings_of_logging() == before
