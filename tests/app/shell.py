"""A shell that somebody types the commands of the guide into, one block after another."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

# A long-running command is started, seen to be up, and left alone until it is told to end, which it must do in order.
_PREAMBLE = """
set -eu
wardship() {
    case $1 in serve|worker) ;; *) command wardship "$@"; return ;; esac
    : > "$1.out"
    command wardship "$@" >> "$1.out" 2>&1 &
    echo $! > "$1.pid"
    for _ in $(seq 900); do
        grep -q 'Ctrl-C ends it' "$1.out" && return
        kill -0 "$(cat "$1.pid")" || { cat "$1.out"; return 1; }
        sleep 0.1
    done
}
ended() {
    local running
    running=$(cat "$1.pid")
    rm "$1.pid" # so that nothing else that gets the number is ever ended
    kill -TERM "$running"
    wait "$running" || { cat "$1.out"; return 1; }
}
"""
_DONE = "--- typed block is done ---"


class Shell:
    """One shell: what a block exports, the next ones have; a command that fails ends it.

    Attributes:
        said: all that commands have written, but those that go on running.
    """

    def __init__(self, folder: Path, env: Mapping[str, str], *programs: Path) -> None:
        self._folder, self.said = folder, ""
        path = os.pathsep.join(map(str, [Path(sys.executable).parent, *programs, env["PATH"]]))
        self._shell = subprocess.Popen(
            ["/usr/bin/env", "bash"],
            cwd=folder,
            env={**env, "PATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.run(_PREAMBLE)

    def run(self, commands: str) -> str:
        """Type commands, wait until they have been carried out, and return what they wrote."""
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        block = self._folder / "block.sh"
        block.write_text(commands)
        self._shell.stdin.write(f". {block} </dev/null\necho '{_DONE}'\n")
        self._shell.stdin.flush()
        said = ""
        for line in self._shell.stdout:
            if line.strip() == _DONE:
                self.said += said
                return said
            said += line
        raise AssertionError(f"{commands}\nended the shell:\n{said}")

    def written(self, command: str) -> str:
        """Return what a long-running command has written."""
        return (self._folder / f"{command}.out").read_text()

    def close(self) -> None:
        """End the shell and what it has left running."""
        for running in self._folder.glob("*.pid"):
            subprocess.run(["/bin/kill", "-KILL", running.read_text().strip()], check=False, capture_output=True)  # noqa: S603 - started here
        self._shell.kill()
        self._shell.communicate()
