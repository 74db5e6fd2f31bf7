"""Log lines, ours and the libraries': structured, with a request's identifier, without secrets and e-mail addresses."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping
from typing import Final, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from wardship.core.settings import Settings

REDACTED: Final = "[redacted]"
_SECRET_WORDS: Final = (
    "password",
    "passwd",
    "secret",
    "token",
    "authorization",
    "cookie",
    "csrf",
    "credential",
    "api_key",
    "apikey",
    "private_key",
    "recovery_code",
    "otp",
)
_PERSONAL_WORDS: Final = ("email", "recipient", "phone", "display_name", "body", "subject_line")
_PATTERNS: Final = (
    (re.compile(r"[^\s@<>\"'(),:;=\[\]]{1,64}@[^\s@<>\"'(),:;=/\[\]]+\.[^\s@<>\"'(),:;=/\[\].]+"), "[address]"),
    (re.compile(r"\bws[a-z]_[A-Za-z0-9_-]+"), "[token]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]+"), r"\1 [redacted]"),
    (re.compile(r"(/(?:auth/link|unsubscribe|invitations|certificates)/)[A-Za-z0-9_-]{16,}"), r"\1[token]"),
    (re.compile(r"(?i)\b([a-z_-]*(?:token|password|secret|code)=)[^&\s\"']+"), r"\1[redacted]"),
    (re.compile(r"(\w+://[^\s:/@]+:)[^\s@/]+@"), r"\1[redacted]@"),
)
_DEEPEST: Final = 6


def configure_logging(settings: Settings, *, stream: TextIO | None = None) -> None:
    """Send every log line, ours and the libraries', through redaction to stderr (or another stream)."""
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_prepare(),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact, _renderer(settings)],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for name in ("uvicorn", "uvicorn.error", "litestar"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
        logger.setLevel(logging.NOTSET)
    logging.getLogger("uvicorn.access").handlers = []  # whether there is an access log was uvicorn's option
    for name in (
        "authlib",
        "aiosmtplib",
        "httpx2",
        "httpcore2",
        "websockets",
    ):  # at DEBUG these write tokens and whole messages
        logging.getLogger(name).setLevel(logging.WARNING)
    # At DEBUG it writes each WebSocket's handshake, with cookie and token, and what is sent over it.
    logging.getLogger("uvicorn.error").setLevel(max(root.level, logging.INFO))
    logging.getLogger("uvicorn.error").addFilter(_is_no_handshake)
    structlog.configure(
        processors=[*_prepare(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _is_no_handshake(record: logging.LogRecord) -> bool:
    """Leave out what the server says of each WebSocket: the address at its other end, which no request's line has."""
    return "WebSocket %s" not in str(record.msg) and record.msg not in {"connection open", "connection closed"}


def bind_request(request_id: str) -> None:
    """Put the identifier of the request into every line that is logged while it runs."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)


def redact(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Replace what must not be in a log: by the name of a key, and by the look of a value."""
    del logger, method
    return {key: _value_under(key, value) for key, value in event.items()}


def _prepare() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]


def _renderer(settings: Settings) -> Processor:
    if settings.log_format == "json":
        return structlog.processors.JSONRenderer(default=_text)
    return structlog.dev.ConsoleRenderer(colors=False)


def _value_under(key: str, value: object, depth: int = 0) -> object:
    name = key.lower().replace("-", "_")
    if value and any(word in name for word in (*_SECRET_WORDS, *_PERSONAL_WORDS)) and not isinstance(value, bool):
        return REDACTED
    return _clean(value, depth)


def _clean(value: object, depth: int) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if depth >= _DEEPEST:
        return REDACTED
    if isinstance(value, Mapping):
        return {str(key): _value_under(str(key), item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_clean(item, depth + 1) for item in value]
    return _text(value)


def _text(value: object) -> str:
    return redacted_text(value if isinstance(value, str) else str(value))


def redacted_text(text: str) -> str:
    """Return a text without what looks like a secret or an e-mail address."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text
