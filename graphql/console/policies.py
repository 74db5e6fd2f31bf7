"""The content security policies of the pages: nothing of another origin, nothing inline without the answer's nonce."""

from __future__ import annotations

from typing import Final

_LOCKED: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; "
)
# Monaco, the explorer's editor, sets styles on elements and brings its fonts and pictures inside its style sheet.
EXPLORER_POLICY: Final = (
    _LOCKED + "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self'"
)
NOTHING_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
"""Of pages that load nothing."""


def console_policy(nonce: str) -> str:
    """Return the policy of one answer with the application's page.

    React Aria makes style elements, which carry the nonce of the page. The one picture that is not a file is the QR
    code of a second factor, which is made for one person. No script makes markup or addresses of scripts out of texts:
    Trusted Types are demanded, and there is no policy by which they could be made.

    Args:
        nonce: in base64, used for no other answer.
    """
    return (
        f"{_LOCKED}style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
