"""Certificate and audit log, verified offline by the command line, as anybody with the files can."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from wardship.app.demo.erasing import ADDRESS, NAME
from wardship.app.demo.stage import Stage

_OK = 200


def fetch_proofs(stage: Stage) -> None:
    """Download certificate, keys and audit log; after this no server is needed."""
    reference = stage.facts["ERASURE reference"]
    certificate = stage.until("the certificate", lambda: _text(stage, f"/certificates/{reference}"))
    (stage.folder / "certificate.jws").write_text(certificate)
    keys = stage.admin.download("/.well-known/wardship-certificate-keys.json")
    (stage.folder / "keys.json").write_text(keys.text)
    audit = stage.admin.download("/audit/export")
    (stage.folder / "audit.jsonl").write_bytes(audit.content)
    stage.report.check(
        "certificate, keys and audit log are downloaded", held=audit.status_code == _OK == keys.status_code
    )


def verify_proofs(stage: Stage) -> None:
    """Run `wardship certificate verify` and `wardship audit verify` on the files."""
    keys = str(stage.folder / "keys.json")
    certificate = _run("certificate", "verify", str(stage.folder / "certificate.jws"), "--keys", keys)
    stage.report.check("the certificate verifies offline", held=certificate.returncode == 0, found=_last(certificate))
    audit = _run("audit", "verify", str(stage.folder / "audit.jsonl"), "--keys", keys)
    stage.report.check(
        "the audit log verifies offline, across the erasure", held=audit.returncode == 0, found=_last(audit)
    )
    held = [name for name in ("certificate.jws", "audit.jsonl") if _names_her(stage.folder / name)]
    stage.report.check("neither holds her name or address", held=not held, found=", ".join(held) or "none")


def _text(stage: Stage, path: str) -> str | None:
    answer = stage.admin.download(path)
    return answer.text if answer.status_code == _OK else None


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", "from wardship.app.cli import main; main()", *arguments]
    return subprocess.run(program, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - our own


def _last(done: subprocess.CompletedProcess[str]) -> str:
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[-1].strip() if lines else "no output"


def _names_her(path: Path) -> bool:
    text = path.read_text()
    return ADDRESS in text or NAME in text
