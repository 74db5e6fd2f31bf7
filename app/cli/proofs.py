"""`wardship audit verify` and `wardship certificate verify`: proofs checked offline, by anybody who has the file."""

from __future__ import annotations

from pathlib import Path

import click

from wardship.app.cli.loading import loaded
from wardship.app.cli.options import FILE
from wardship.app.cli.options import as_json as as_json_option


@click.group()
def audit() -> None:
    """The audit log of an organisation."""


@audit.command("verify")
@click.argument("file", type=FILE)
@click.option("--keys", type=FILE, help="JWK set that you trust, fetched earlier from the deployment.")
@as_json_option
def verify_audit(file: Path, keys: Path | None, *, as_json: bool) -> None:
    """Check an exported audit log: every hash, the order, and the signed checkpoint."""
    loaded("commands.verify").verify_audit(file, keys, as_json=as_json)


@click.group()
def certificate() -> None:
    """Certificates of what was done about a request, or when an integration was taken away."""


@certificate.command("verify")
@click.argument("file", type=FILE)
@click.option("--keys", type=FILE, required=True, help="JWK set of the deployment that signed it.")
@click.option("--json", "as_json", is_flag=True, help="Print what it certifies as JSON.")
def verify_certificate(file: Path, keys: Path, *, as_json: bool) -> None:
    """Check a certificate's signature and grades, and print what it certifies."""
    loaded("commands.verify").verify_certificate_file(file, keys, as_json=as_json)
