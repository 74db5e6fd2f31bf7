"""Follows a page of the documentation literally: its commands in order, its replacements in the files that it names."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools.prepare.node_packages import node

DOCS = Path(__file__).parents[3] / "docs" / "vendors"
BIN = Path(sys.executable).parent
PACKAGES = sysconfig.get_path("purelib")
BLOCK = re.compile(
    r"(?:Replace in `(?P<file>[^`]+)`:\n\n|(?P<aside>In another terminal, and leave it running:\n\n))?"
    r"```(?P<kind>sh|python|js)\n(?P<text>.*?)```\n",
    re.DOTALL,
)
PATIENCE_S = 300
As = Callable[[str], str]


@dataclass(frozen=True)
class Step:
    """A command, one that is left running, or a replacement in a file."""

    text: str
    file: str = ""
    other: str = ""
    is_left_running: bool = False


def steps(page: str) -> Iterator[Step]:
    """Yield what a page says, in order."""
    blocks = iter(BLOCK.finditer(page))
    for block in blocks:
        if block["kind"] != "sh":
            yield Step(block["text"], block["file"], next(blocks)["text"])
            continue
        for command in block["text"].strip().splitlines():
            yield Step(command, is_left_running=bool(block["aside"]))


@dataclass
class Follower:
    """Does what a page says, below a folder.

    Attributes:
        written_as: what is done with each text before it is done: another port may be free here.
        said: what each command printed, the last time.
    """

    folder: Path
    data: Path
    written_as: As = str
    after: Callable[[str, Path], None] = lambda _command, _folder: None
    said: dict[str, str] = field(default_factory=dict)
    _left_running: subprocess.Popen[str] | None = None

    def follow(self, page: str) -> None:
        """Do all of it; an assertion fails where a command does."""
        try:
            for step in steps(page):
                self._do(step)
        finally:
            self._stop()

    def _do(self, step: Step) -> None:
        if step.file:
            before = (self.folder / step.file).read_text("utf-8")
            text, other = step.text.rstrip("\n"), step.other.rstrip("\n")
            assert before.count(text) == 1, text
            (self.folder / step.file).write_text(before.replace(text, other), "utf-8")
        elif step.is_left_running:
            self._leave_running(step.text)
        elif step.text.startswith("cd "):
            self.folder /= step.text.removeprefix("cd ")
            self.after(step.text, self.folder)
        else:
            done = self._typed(self.written_as(step.text))
            # A shell's `!` makes a failure of a success: the page says so where the kit is to find something.
            assert done.returncode == 0, f"{step.text}\n{done.stdout}{done.stderr}"
            self.said[step.text] = done.stdout
            self.after(step.text, self.folder)

    def _typed(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S602 - what our own page says
            command,
            shell=True,
            cwd=self.folder,
            env=self._environment(),
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )

    def _leave_running(self, command: str) -> None:
        """Start a program in a session of its own, in place of the one before, and wait until it says something."""
        self._stop()
        self._left_running = subprocess.Popen(  # noqa: S602 - what our own page says
            f"exec {command}",
            shell=True,
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self._left_running.stdout.readline().startswith("listening: ")

    def _stop(self) -> None:
        if self._left_running is not None:
            os.killpg(self._left_running.pid, signal.SIGTERM)
            self._left_running.communicate(timeout=PATIENCE_S)
            self._left_running = None

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("WARDSHIP_", "PYTHON"))}
        path = os.pathsep.join((str(BIN), str(Path(node()).parent), os.environ["PATH"]))
        ours = {"PATH": path, "WARDSHIP_DATA_DIR": str(self.data)}
        return kept | ours | {"PIP_NO_INDEX": "1", "PIP_NO_CACHE_DIR": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def prepare(environment: Path) -> None:
    """Bring what `make` has installed into an environment, as `pip install wardship` would from a mirror."""
    packages = environment / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    (packages / "prepared.pth").write_text(f"import site; site.addsitedir({PACKAGES!r})\n")
    script = environment / "bin" / "wardship"
    script.write_text(f"#!{environment / 'bin' / 'python'}\nfrom wardship.app.cli import main\nmain()\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
