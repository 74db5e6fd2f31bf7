"""What pyproject.toml can't say of packaging: the packages are the folders', and the wheel holds the built console."""

import shutil
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
BUILT_CONSOLE = ROOT / "build" / "console"
FOLDERS = ("app", "core", "graphql", "plugins", "tenants")


def packages() -> list[str]:
    """Return every folder with `__init__.py` by its import name; `graphql/` itself has none (docs/decisions/0001)."""
    tops = [f"wardship.{name}" for name in FOLDERS if (ROOT / name / "__init__.py").is_file()]
    return tops + [f"wardship.{name}.{inner}" for name in FOLDERS for inner in find_packages(str(ROOT / name))]


class BuildWithConsole(build_py):
    """Copy the console beside the module that serves it: `make wheel` builds it first."""

    def run(self) -> None:
        """Build the Python part, then add the console, if it was built."""
        super().run()
        if not self.editable_mode and BUILT_CONSOLE.is_dir():
            target = Path(self.build_lib) / "wardship" / "graphql" / "console" / "built"
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(BUILT_CONSOLE, target)


setup(
    packages=packages(),
    package_dir={f"wardship.{name}": name for name in FOLDERS},
    cmdclass={"build_py": BuildWithConsole},
)
