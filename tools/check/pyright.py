"""Run pyright, and fail also when it looked at nothing: it exits with 0 then."""

import json
import subprocess
import sys

from tools.prepare.node_packages import PYRIGHT, node
from tools.prepare.steps import ROOT, say


def main() -> int:
    """Print each error on its line; 1 when there is one, or when no file was analysed."""
    program = PYRIGHT / "node_modules" / "pyright" / "index.js"
    done = subprocess.run([node(), str(program), "--outputjson"], cwd=ROOT, check=False, capture_output=True, text=True)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        say(f"pyright gave no report:\n{done.stdout}{done.stderr}")
        return 1
    errors = [finding for finding in report["generalDiagnostics"] if finding["severity"] == "error"]
    for finding in errors:
        start = finding["range"]["start"] if "range" in finding else {"line": 0, "character": 0}
        rule = finding.get("rule", "pyright")
        say(f"{finding['file']}:{start['line'] + 1}:{start['character'] + 1}: {finding['message']} ({rule})")
    analysed = int(report["summary"]["filesAnalyzed"])
    if analysed == 0:
        say("pyright analysed no file: is build/types/wardship a link to the repository root?")
    return 1 if errors or analysed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
