"""A page as data, and its rendering: escaped, under a policy that names its style, and lets our script in."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Final

import jinja2
from litestar import MediaType, Response

_PACKAGE: Final = "wardship.core.sign_in.pages"
_STYLE: Final = (
    ":root{color-scheme:light dark;--line:light-dark(#c5d0da,#3a4552);--soft:light-dark(#eef2f6,#0f1216);"
    "--act:light-dark(#1f4e79,#8ab8ff);color:light-dark(#14202b,#e4e8ee);background:var(--soft);"
    "font:16px/1.5 system-ui,sans-serif}body{margin:0}a{color:light-dark(#1a56ae,#8ab8ff)}"
    "main{box-sizing:border-box;width:min(28rem,100%);margin:10vh auto 0;padding:2rem;border-radius:8px;"
    "background:light-dark(#fff,#171b21)}h1{margin:0 0 1rem;font-size:1.5rem}"
    "label{display:block;margin-bottom:1rem;font-weight:600}"
    "input{box-sizing:border-box;width:100%;padding:.5rem;border:1px solid light-dark(#6b7c8c,#7c8998);"
    "border-radius:4px;color:inherit;background:var(--soft);font:inherit}"
    "button{padding:.6rem 1.2rem;border:0;border-radius:4px;color:light-dark(#fff,#0b1626);background:var(--act);"
    "font:inherit}:focus-visible{outline:3px solid light-dark(#b35c00,#ffb454);outline-offset:2px}"
    "[role=alert]{color:light-dark(#a11d1d,#ff9d96)}"
    ".qr svg{width:12rem;height:12rem;background:#fff}ul{columns:2;padding-left:1.2rem}"
    "form+form{margin-top:1.5rem;padding-top:.5rem;border-top:1px solid var(--line)}h2{margin:1rem 0 .25rem;"
    "font-size:1.1rem;overflow-wrap:anywhere}"
    "button+button{margin-left:.5rem;color:var(--act);background:light-dark(#dbe6f0,#26303c)}"
    "p{overflow-wrap:anywhere}pre{padding:.75rem;border-radius:4px;background:var(--soft);white-space:pre-wrap;"
    "overflow-wrap:anywhere}main:has(table){width:min(46rem,100%);margin-top:4vh}"
    "table{width:100%;margin:.75rem 0;border-collapse:collapse;font-size:.9375rem}"
    "th,td{padding:.5rem .75rem .5rem 0;border-top:1px solid var(--line);text-align:start;vertical-align:top;"
    "overflow-wrap:anywhere}thead th{border-top:0;color:light-dark(#4b5a68,#a9b6c4);font-weight:600}"
    "tbody th{width:30%;font-weight:600}details{margin-bottom:1rem}details ul{columns:1}summary{cursor:pointer}"
    "@media(max-width:40rem){thead{position:absolute;clip-path:inset(50%)}table,tbody,tr,tbody th,td{display:block;"
    "width:auto}tr{padding:.5rem 0;border-top:1px solid var(--line)}tbody th,td{padding:.15rem 0;border-top:0}"
    "td::before{content:attr(data-title) ': ';color:light-dark(#4b5a68,#a9b6c4)}}"
)
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_SCRIPT_POLICY: Final = f"{POLICY}; script-src 'self'"
SCRIPT_PATH: Final = "/auth/passkey.js"


@dataclass(frozen=True, slots=True)
class Script:
    """A script of ours: where it is, and the digest that it must have."""

    path: str
    integrity: str


@dataclass(frozen=True, slots=True)
class Field:
    """One input: its name, what a person reads beside it, and what browsers may fill in."""

    name: str
    label: str
    kind: str = "text"
    autocomplete: str = "off"
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Button:
    """A button: its words, and what is sent as ``act`` when it is pressed."""

    label: str
    act: str = ""


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What a browser does with a passkey before the form is sent: ``create`` or ``get``, with options as JSON."""

    kind: str
    options: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One of several forms of a page.

    Attributes:
        title: its heading.
        texts: paragraphs.
        fields: its inputs.
        hidden: its hidden inputs.
        values: what the inputs hold; never a secret.
        buttons: one for each act.
        action: where it goes; the page's own address when empty.
        ceremony: what a passkey adds to it, by a script.
    """

    title: str = ""
    texts: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    hidden: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    action: str = ""
    ceremony: Ceremony | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; the first cell of each names its row, which is a block where there is little room."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its paragraphs.

    Attributes:
        table: below them.
        details: sentences below that, which are opened by ``summary``.
    """

    title: str
    lines: tuple[str, ...]
    table: Table | None = None
    summary: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows, from top to bottom.

    Attributes:
        title: the heading.
        texts: paragraphs.
        command: a command to type, below them.
        notes: paragraphs below the command.
        sections: headings with paragraphs.
        refusal: why the last attempt was refused.
        qr_svg: a picture that we have made.
        items: a list, for example of recovery codes.
        fields: the form's inputs.
        hidden: the form's hidden inputs.
        values: what was typed before; never a secret.
        button: the form's button; without one there is no form.
        action: where the form goes; the page's own address when empty.
        forms: further forms.
        next_url: a link to go on.
        next_label: its words.
        also: further links below it, their words by address.
        back_url: a link to where people come from; none when empty.
        refresh_to: where the browser goes by itself, to another site too, which a form's answer may not lead to.
    """

    title: str
    texts: tuple[str, ...] = ()
    command: str = ""
    notes: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    refusal: str = ""
    qr_svg: str = ""
    items: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    hidden: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    button: str = ""
    action: str = ""
    forms: tuple[Form, ...] = ()
    next_url: str = ""
    next_label: str = ""
    also: Mapping[str, str] = field(default_factory=dict)
    back_url: str = ""
    refresh_to: str = ""


def show(page: Page, *, status: int = 200) -> Response[Any]:
    """Return a page as an answer."""
    needs_script = any(form.ceremony for form in page.forms)
    script = Script(SCRIPT_PATH, passkey_script()[1]) if needs_script else None
    content = _template().render(page=page, style=_STYLE, script=script)
    headers = {"Content-Security-Policy": _SCRIPT_POLICY if needs_script else POLICY}
    return Response(content, status_code=status, media_type=MediaType.HTML, headers=headers)


@functools.cache
def passkey_script() -> tuple[bytes, str]:
    """Return the script by which a form is answered by a passkey, and its digest as browsers check it."""
    script = resources.files(_PACKAGE).joinpath("passkey.js").read_bytes()
    return script, f"sha384-{base64.b64encode(hashlib.sha384(script).digest()).decode()}"


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return environment.from_string(resources.files(_PACKAGE).joinpath("page.html").read_text())
