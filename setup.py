"""Put the built console into the wheel; everything else about packaging is in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

BUILT_CONSOLE = Path(__file__).parent / "build" / "console"


class BuildWithConsole(build_py):
    """Copy the console beside the module that serves it: `make wheel` builds it first."""

    def run(self) -> None:
        """Build the Python part, then add the console, if it was built."""
        super().run()
        if not self.editable_mode and BUILT_CONSOLE.is_dir():
            target = Path(self.build_lib) / "wardship" / "graphql" / "console" / "built"
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(BUILT_CONSOLE, target)


setup(cmdclass={"build_py": BuildWithConsole})
