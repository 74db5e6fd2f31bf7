"""Read both parts of a mail as a program shows them, and hold that they say the same."""

from __future__ import annotations

import re
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Final

_ISOLATES: Final = re.compile("[\u2068\u2069]")
_UNSHOWN: Final = frozenset({"title", "head", "style"})


class _Shown(HTMLParser):
    """Collects what a document shows."""

    def __init__(self) -> None:
        super().__init__()
        self.unshown = 0
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        self.unshown += tag in _UNSHOWN
        self.texts.append("\n" if tag in {"p", "li", "h2", "br"} else "")

    def handle_endtag(self, tag: str) -> None:
        self.unshown -= tag in _UNSHOWN

    def handle_data(self, data: str) -> None:
        if not self.unshown:
            self.texts.append(data)


def shown_text(html: str) -> str:
    """Return what an HTML document shows."""
    parser = _Shown()
    parser.feed(html)
    parser.close()
    return "".join(parser.texts)


def parts(message: EmailMessage) -> tuple[str, str]:
    """Return the plain part and the HTML part of a mail, in this order and no others."""
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    return plain.get_content().replace("\r\n", "\n"), html.get_content().replace("\r\n", "\n")


def body_of(message: EmailMessage) -> str:
    """Return the text of a mail without its signature; both parts must say the same, word by word."""
    plain, html = parts(message)
    assert _words(plain) == _words(shown_text(html)), "the two parts of a mail differ"
    body, _, _ = _ISOLATES.sub("", plain).rpartition("\n-- \n")
    return body


def subject_of(message: EmailMessage) -> str:
    """Return the subject without the blank that stays of a line on which it was put because it was long."""
    return _ISOLATES.sub("", str(message["Subject"])).strip()


def _words(text: str) -> list[str]:
    """Return the words and signs of a text, without those that show items, headings, code and labels."""
    plain = re.sub(r"^(- |\* |\d+\. |-- $)", "", _ISOLATES.sub("", text), flags=re.MULTILINE)
    return re.sub(r":(?=\nhttp)|`", "", plain).split()
