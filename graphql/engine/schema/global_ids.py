"""Opaque global ids: which type, and which of its objects."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from wardship.graphql.engine.errors import MalformedGlobalIdError

LONGEST = 512
UUID_LENGTH = 36


@dataclass(frozen=True, slots=True)
class GlobalId:
    """The identity of an object across types.

    Attributes:
        type_name: the GraphQL type.
        key: what identifies the object within it.
    """

    type_name: str
    key: str

    def __str__(self) -> str:
        return encode_text(f"{self.type_name}:{self.key}")

    @classmethod
    def parse(cls, text: str, *type_names: str) -> GlobalId:
        """Return the identity that a client sent.

        Args:
            text: the global id.
            type_names: the types that are wanted; any when none is named.

        Raises:
            MalformedGlobalIdError: it isn't a global id, or of another type.
        """
        try:
            type_name, separator, key = decode_text(text).partition(":")
        except ValueError:
            separator = key = type_name = ""
        if not (separator and key and type_name.isidentifier()):
            raise MalformedGlobalIdError("The id isn't one of this API: use an `id` from an earlier answer.")
        if type_names and type_name not in type_names:
            raise MalformedGlobalIdError(
                f"The id is of a {type_name}, but this field wants a {' or '.join(type_names)}."
            )
        return cls(type_name, key)

    @staticmethod
    def encoder(type_name: str) -> Callable[[UUID], str]:
        """Return a function that makes the global ids of a type's UUIDs, several times as fast as one by one."""
        prefix = f"{type_name}:".encode("ascii")
        padding = -(len(prefix) + UUID_LENGTH) % 3
        end = -padding or None
        # Written out, because there are hundreds in an answer: see `encode_ascii`.
        return lambda key: b2a_base64(prefix + str(key).encode(), newline=False)[:end].decode()

    @property
    def uuid(self) -> UUID:
        """The key as a UUID.

        Raises:
            MalformedGlobalIdError: it isn't one.
        """
        try:
            return UUID(self.key)
        except ValueError:
            raise MalformedGlobalIdError("The id isn't one of this API: use an `id` from an earlier answer.") from None


def encode_text(text: str) -> str:
    """Return text as unpadded URL-safe base 64."""
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode("ascii")


def encode_ascii(text: str) -> str:
    """Return ASCII without ``>``, ``?`` and ``~`` as unpadded URL-safe base 64.

    None of the other characters has bits that the last two letters of the alphabet, which differ, stand for.
    """
    return b2a_base64(text.encode("ascii"), newline=False).rstrip(b"=").decode("ascii")


def decode_text(encoded: str, *, longest: int = LONGEST) -> str:
    """Return the text of unpadded URL-safe base 64.

    Raises:
        ValueError: it isn't that, or it is longer than anything we encode.
    """
    if not encoded.isascii() or len(encoded) > longest:
        raise ValueError(encoded[:longest])
    standard = encoded.replace("-", "+").replace("_", "/") + "=" * (-len(encoded) % 4)
    text = a2b_base64(standard).decode("utf-8")
    if encode_text(text) != encoded:
        raise ValueError(encoded)
    return text
