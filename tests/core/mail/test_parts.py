"""Both parts of a mail, of one source, whatever stands in its values."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser
from importlib import resources

import pytest

from tests.inbox import Inbox, serving
from tests.mail_parts import body_of, parts, shown_text, subject_of
from wardship.app.nouns import domain_nouns
from wardship.core.identifiers import uuid7
from wardship.core.mail.blocks import Address, BlockKind, Marked, blocks, marked
from wardship.core.mail.message import make_message
from wardship.core.mail.parts import html, plain_text
from wardship.core.mail.smtp import send_message
from wardship.core.mail.text import MailText, render
from wardship.core.notice_kind import NoticeKind
from wardship.core.text import readable

LINK = "https://wardship.example/auth/link/Abc_-9"
NOW = datetime(2026, 11, 29, 7, tzinfo=UTC)
HEADERS = [
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
    *("MIME-Version", "Content-Type", "Content-Language"),
]
TAGS = {"html", "head", "meta", "title", "body", "div", "h2", "p", "ul", "li", "a", "br", "bdi"}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    'O\'Neil & "Søn" <b@c.example>',
    "a\n\n* heading\n- item\n\nPay here: https://evil.example/x",
    "a\r\nBcc: mallory@evil.example\r\n\r\nbody",
    "a\x02b\x03c\x0ehttps://evil.example\x0fd\x0be",
    "\u202egnp.exe\u202c and \u2066isolated\u2069",
    "{{ 7 * 7 }} {% raw %}",
    "`code`",
    "x" * 5000,
    "אלפא בית",
    "عملية «نقل»",
    "中文 👩‍👩‍👧",
]
HOSTILE_IDS = [f"hostile-{number}" for number in range(len(HOSTILE))]


class Tags(HTMLParser):
    """Collects the tags of a document with their attributes."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(document)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def hostile_text(value: str) -> MailText:
    """Return a mail whose subject, paragraph, list and heading hold a value."""
    given = str(marked(value))
    return MailText(
        f"About {given} here", f"* {given}\n\nHello {given}, see {marked(Address(LINK))}.\n\n- {given}\n- last\n"
    )


def message(text: MailText, settings):
    made = make_message(uuid7(), "ann@example.org", text, settings, NOW)
    return message_from_bytes(bytes(made), policy=default), bytes(made)


@pytest.mark.parametrize("value", HOSTILE, ids=HOSTILE_IDS)
def test_value_is_text_and_nothing_else_in_both_parts(value, settings):
    mail, _ = message(hostile_text(value), settings)
    _, document = parts(mail)
    seen = " ".join(readable(value).split())
    assert body_of(mail).replace("\n", " ").count(" ".join(seen.split())) <= 3
    assert " ".join(shown_text(document).split()).count(seen) == 3
    assert [block.kind for block in blocks(hostile_text(value).source)] == ["heading", "paragraph", "list"]
    tags = Tags(document).found
    assert {tag for tag, _ in tags} <= TAGS
    assert {attributes["href"] for tag, attributes in tags if tag == "a"} == {LINK, settings.public_url}
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on") or name == "src"]


@pytest.mark.parametrize("value", HOSTILE, ids=HOSTILE_IDS)
def test_value_adds_no_header_and_no_long_line(value, settings):
    mail, sent = message(hostile_text(value), settings)
    assert mail.keys() == HEADERS
    assert subject_of(mail) == f"About {' '.join(readable(value).split())} here"
    body = sent.partition(b"\r\n\r\n")[2]
    assert max(map(len, body.split(b"\r\n"))) <= 78
    assert max(map(len, sent.split(b"\r\n"))) <= 998
    assert b"\n" not in sent.replace(b"\r\n", b"")
    assert {part["Content-Transfer-Encoding"] for part in mail.iter_parts()} == {"quoted-printable"}


def test_name_from_right_to_left_is_isolated_in_subject_and_both_parts(settings):
    mail, _ = message(hostile_text("אלפא"), settings)
    plain, document = parts(mail)
    assert mail["Subject"] == "About \u2068אלפא\u2069 here"
    assert "Hello \u2068אלפא\u2069, see" in plain
    assert "Hello <bdi>אלפא</bdi>, see" in document
    assert "\u2068" not in hostile_text("אלפא").body, "in the product a page isolates it"
    other, _ = message(hostile_text("Ann"), settings)
    assert "\u2068" not in parts(other)[0]
    assert "<bdi>" not in parts(other)[1]


def test_names_in_a_list_within_a_sentence_are_isolated_each(settings):
    text = render("names", package="tests.core.mail", names=["אלפא", "Ann", "بيت"], link=LINK)
    mail, _ = message(text, settings)
    assert "<bdi>אלפא</bdi>, Ann, <bdi>بيت</bdi>" in parts(mail)[1]


def test_short_line_with_an_address_of_ours_is_a_button_whose_address_is_written_out():
    source = f"Open it soon.\n\nConfirm this address: {marked(Address(LINK))}\n\nIf not, do nothing."
    assert [block.kind for block in blocks(source)] == [BlockKind.PARAGRAPH, BlockKind.BUTTON, BlockKind.PARAGRAPH]
    assert f"\n\nConfirm this address:\n{LINK}\n\n" in plain_text(source)
    document = html("A title", source, ["Wardship"])
    assert re.findall(f'<a href="{LINK}"[^>]*>([^<]*)</a>', document) == ["Confirm this address", LINK]


def test_list_has_its_numbers_in_both_parts(settings):
    source = "Choose:\n\n1. Stay.\n2. Move to an address.\nAnd then:\n- one\n- two\n"
    kinds = [BlockKind.PARAGRAPH, BlockKind.NUMBERED, BlockKind.PARAGRAPH, BlockKind.LIST]
    assert [block.kind for block in blocks(source)] == kinds
    mail, _ = message(MailText("A title", source), settings)
    assert body_of(mail) == "Choose:\n\n1. Stay.\n2. Move to an address.\n\nAnd then:\n\n- one\n- two\n"
    assert re.findall("<(ol|ul|li)", parts(mail)[1]) == ["ol", "li", "li", "ul", "li", "li"]


@pytest.mark.parametrize("value", [f"Click: {LINK}", LINK], ids=["sentence", "address"])
def test_address_in_a_value_is_no_link_and_no_button(value):
    source = f"Pay now: {marked(value)}"
    assert [block.kind for block in blocks(source)] == [BlockKind.PARAGRAPH]
    assert "<a " not in html("A title", source, ["Wardship"])


def test_document_loads_nothing_has_inline_styles_only_and_says_its_language_and_direction(settings):
    _, document = parts(message(hostile_text("Ann"), settings)[0])
    tags = Tags(document).found
    (root,) = [attributes for tag, attributes in tags if tag == "html"]
    assert (root["lang"], root["dir"], root["style"]) == ("en", "ltr", "color-scheme: light dark")
    assert ("meta", {"name": "color-scheme", "content": "light dark"}) in tags
    assert not {"img", "style", "link", "script", "iframe", "form", "svg"} & {tag for tag, _ in tags}
    assert "url(" not in document
    assert "@" not in "".join(attributes.get("style") or "" for _, attributes in tags)


def test_what_an_earlier_version_wrote_is_a_source_too(settings):
    mail, _ = message(MailText("Old <b>", "Hello\n\n* <i>entry</i>\n"), settings)
    assert body_of(mail) == "Hello\n\n* <i>entry</i>\n"
    assert "<h2" in parts(mail)[1]
    assert "<i>" not in parts(mail)[1]


async def test_server_is_given_both_parts_whole(settings):
    inbox = Inbox()
    async with serving(inbox) as url:
        sending = settings.model_copy(update={"smtp_url": settings.__class__(smtp_url=url).smtp_url})
        made = make_message(uuid7(), "ann@example.org", hostile_text("Zoë <אלפא>\n.\nx"), sending, NOW)
        assert await send_message(made, sending) is None
    ((_, received),) = inbox.messages
    assert parts(received) == parts(made)
    assert body_of(received).startswith("* Zoë <אלפא>\n.\nx")


@pytest.mark.parametrize("kind", domain_nouns().notice_kinds.values(), ids=str)
def test_template_gives_each_address_of_its_own_line_a_label(kind: NoticeKind):
    source = resources.files(kind.package).joinpath(f"{kind.name}.txt").read_text()
    assert not re.search(r"^\s*\{\{ *(link|site) *\}\}\s*$", source, re.MULTILINE)


def test_marked_text_is_not_marked_again():
    once = marked("a")
    assert marked(once) is once
    assert isinstance(once, Marked)
    assert marked(7) == 7
