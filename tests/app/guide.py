"""The guide for deployments, whose code is executed."""

from __future__ import annotations

import re

from tests.app.programs import ROOT

GUIDE = (ROOT / "docs" / "deployment.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """Return the code of the guide in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
