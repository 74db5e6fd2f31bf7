"""Which integrations ship, by their folders: nobody lists them."""

from pathlib import Path

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"


def shipped() -> set[str]:
    """Return the key of every package in `plugins/` that declares what it receives."""
    packages = PLUGINS.glob("*/__init__.py")
    return {path.parent.name for path in packages if "\ndef wardship_receives(" in path.read_text("utf-8")}
