"""Choose, hash and check passwords."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from typing import ClassVar, Final

import argon2

from wardship.core.errors import InvalidInputError

SHORTEST: Final = 12
LONGEST: Final = 256
_FEWEST_LETTERS: Final = 5
_SHORTEST_PART: Final = 3

# OWASP's second choice of parameters, 2024: 19 MiB, two passes, one lane; about 20 ms.
_HASHER: Final = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Checked where there is no account, so that the answer takes as long. The hash of a random text that nobody knows.
_NOBODY: Final = "$argon2id$v=19$m=19456,t=2,p=1$4M1ro2yCpVY7Wo47BKoJGA$R38xqVhqpIPCM6QyqwJ0o6BeqTFYaLQl9uiHRoGKbJg"
_COMMON: Final = frozenset(
    {
        "password",
        "passwort",
        "motdepasse",
        "contrasena",
        "senha",
        "passphrase",
        "qwerty",
        "qwertyuiop",
        "qwertz",
        "qwertzuiop",
        "azerty",
        "azertyuiop",
        "asdfghjkl",
        "zxcvbnm",
        "qazwsx",
        "qazwsxedc",
        "letmein",
        "letmeinnow",
        "welcome",
        "welcomehome",
        "iloveyou",
        "monkey",
        "dragon",
        "football",
        "baseball",
        "basketball",
        "superman",
        "batman",
        "princess",
        "sunshine",
        "master",
        "shadow",
        "trustno",
        "administrator",
        "admin",
        "changeme",
        "secret",
        "whatever",
        "starwars",
        "correcthorsebatterystaple",
        "thisismypassword",
        "mypassword",
        "opensesame",
        "wardship",
        "abcdefghijkl",
        "abcdefghijklmnopqrstuvwxyz",
        "liverpool",
        "chelsea",
        "computer",
        "internet",
        "google",
        "facebook",
        "microsoft",
        "company",
        "summer",
        "winter",
        "spring",
        "autumn",
    }
)
_LEET: Final = str.maketrans("0134578@$!", "oleastbasi")
_TAIL: Final = "0123456789!?."
_COUNTING: Final = "01234567890123456789"


class WeakPasswordError(InvalidInputError):
    """The password is short, common or made of the address; the message says which."""

    code: ClassVar[str] = "WEAK_PASSWORD"


def check_strength(password: str, *names: str, path: tuple[str, ...] = ("password",)) -> None:
    """Refuse a password that is guessed first (NIST SP 800-63B, section 3.1.1.2: length and a list, no composition).

    Args:
        password: as typed.
        names: the person's address and name, of which the password may not be made.
        path: the input field.

    Raises:
        WeakPasswordError: with what is wrong.
    """
    text = _prepared(password)
    if not SHORTEST <= len(text) <= LONGEST:
        raise WeakPasswordError(f"Choose a password of {SHORTEST} to {LONGEST} characters.", path=path)
    if len(set(text)) < _FEWEST_LETTERS or text in _COUNTING or text[::-1] in _COUNTING:
        raise WeakPasswordError("Choose a password that is less regular.", path=path)
    if _is_common(text):
        raise WeakPasswordError("This password is among the first that are guessed: choose another.", path=path)
    if _is_made_of(text, names):
        raise WeakPasswordError("Choose a password that is not made of your name or address.", path=path)


async def hash_password(password: str) -> str:
    """Return the Argon2id hash, computed in a thread."""
    return await asyncio.to_thread(_HASHER.hash, _prepared(password))


async def is_password(stored: str | None, password: str) -> bool:
    """Return whether the password is the stored one, in a thread; as slow when there is none stored."""
    return await asyncio.to_thread(_verify, stored or _NOBODY, password) and stored is not None


def needs_rehash(stored: str) -> bool:
    """Return whether the hash was made with parameters that are no longer ours."""
    return _HASHER.check_needs_rehash(stored)


def _verify(stored: str, password: str) -> bool:
    if len(password) > LONGEST:
        password = ""  # too long to be anybody's; still takes its time
    try:
        return _HASHER.verify(stored, _prepared(password))
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


def _prepared(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text.lower())


def _is_common(text: str) -> bool:
    """Return whether it is one common word, repeated or not, with digits and signs between or in place of letters."""
    written = {_letters(text), _letters(text.translate(_LEET)), _letters(text.rstrip(_TAIL).translate(_LEET))}
    return any(len(letters.replace(word, "")) < _SHORTEST_PART for letters in written for word in _COMMON)


def _is_made_of(text: str, names: tuple[str, ...]) -> bool:
    parts = {part for name in names for part in re.split(r"[\W_]+", name.lower()) if len(part) >= _SHORTEST_PART}
    rest = text.lower()
    for part in sorted(parts, key=len, reverse=True):
        rest = rest.replace(part, "")
    return len(_letters(rest)) < _SHORTEST_PART and rest != text.lower()
