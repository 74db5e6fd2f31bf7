"""Forms of a telephone number: international, national, with any separators; and what looks like one but is a date."""

from __future__ import annotations

import unicodedata
from typing import Final

import phonenumbers
import regex

_EXITS: Final = ("00", "011", "0011", "010")
_SHORTEST: Final = 3
SURE: Final = 7
"""From how many digits on a number is taken for a telephone number without a word that says so."""
_BETWEEN: Final = r"[\s().\-/\u2013\u00b7]{0,4}"
_TRUNK: Final = r"(?:\(0\)[\s.\-/]{0,2})?"
_DATE: Final = regex.compile(
    r"(?:(?:19|20)\d\d([\-./ ]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])([\-./ ]?)(?:0?[1-9]|1[0-2])\2(?:(?:19|20)?\d\d)"
    r"|(?:0?[1-9]|1[0-2])([\-./ ]?)(?:0?[1-9]|[12]\d|3[01])\3(?:(?:19|20)?\d\d))"
)
_TOLD: Final = regex.compile(
    r"(?:\btel|phone|\bfon|call(?:ed|ing)?|mobil|cell|handy|\bfax|whatsapp|signal|sms|number|nummer|ext|\u260e|\u2706|\U0001f4de)"
    r"[\w.]{0,6}[\s:.]{0,3}$"
)


def digits_of(text: str) -> str:
    """Return the decimal digits in a text, in ASCII whatever script they are in."""
    return "".join(str(unicodedata.decimal(sign)) for sign in text if sign.isdecimal())


def phone_forms(phone: str) -> tuple[str, ...]:
    """Return the sequences of digits in which a number is written, the canonical one (E.164, with ``+``) first.

    A number without a country is only known as it was typed.
    """
    digits = digits_of(phone)
    if len(digits) < _SHORTEST:
        return ()
    number = _parsed(phone)
    if number is None:
        return (digits,)
    e164 = digits_of(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    national = digits_of(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))
    forms = [f"+{e164}", e164, *(exit_code + e164 for exit_code in _EXITS)]
    if _is_told_apart(national):
        forms.append(national)
    return tuple(dict.fromkeys(forms))


def _parsed(phone: str) -> phonenumbers.PhoneNumber | None:
    text = phone.strip()
    if not text.startswith("+"):
        if not text.startswith("00"):
            return None
        text = f"+{text[2:]}"
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def _is_told_apart(national: str) -> bool:
    return len(national) >= SURE


def phone_pattern(phone: str) -> str:
    """Return a pattern for a folded text that finds a number in any of its forms, with the usual separators."""
    forms = sorted({form.removeprefix("+") for form in phone_forms(phone)}, key=len, reverse=True)
    number = _parsed(phone)
    country = str(number.country_code) if number else ""
    written = [_BETWEEN.join(_with_trunk(form, country)) for form in forms]
    if number is None and forms and forms[0].startswith("0"):
        written.insert(0, rf"(?:\+|00)[1-9]\d{{0,2}}{_BETWEEN}{_TRUNK}{_BETWEEN.join(forms[0].lstrip('0'))}")
    return rf"\(?\+?\(?(?:{'|'.join(written)})" if written else ""


def _with_trunk(form: str, country: str) -> list[str]:
    """Return the digits of a form, with a place for the ``(0)`` that people write after the country."""
    for exit_code in ("", *_EXITS):
        if country and form.startswith(exit_code + country):
            place = len(exit_code + country)
            return [*form[: place - 1], f"{form[place - 1]}{_BETWEEN}{_TRUNK}", *form[place:]]
    return [*form]


def is_date(text: str) -> bool:
    """Return whether digits with their separators can be a day."""
    return _DATE.fullmatch(text.strip()) is not None


def is_told(before: str) -> bool:
    """Return whether the words before a number say that it is a telephone number."""
    return _TOLD.search(before[-24:]) is not None
