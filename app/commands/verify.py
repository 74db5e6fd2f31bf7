"""Checks proofs offline: what `wardship audit verify` and `wardship certificate verify` do."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from wardship.core.audit.verify import verify_file
from wardship.core.errors import InvalidInputError
from wardship.tenants.certificates.content import plain
from wardship.tenants.certificates.uninstalled import UninstallationStatement
from wardship.tenants.certificates.verify import verify_certificate


def verify_audit(file: Path, keys: Path | None, *, as_json: bool) -> None:
    """Check an exported audit log: every hash, the order, and the signed checkpoint."""
    result = verify_file(file, _trusted(keys))
    if as_json:
        click.echo(json.dumps(asdict(result)))
        return
    trust = (
        "a key that you trust"
        if result.is_key_trusted
        else f"the key {result.key_thumbprint}: compare it with the published one"
    )
    click.echo(
        f"The chain of organisation {result.organisation} is whole: {result.entries} entries, head {result.head}."
    )
    click.echo(f"Signed {result.made_at} by {trust}.")


def verify_certificate_file(file: Path, keys: Path, *, as_json: bool) -> None:
    """Check a certificate's signature and grades, and print what it certifies."""
    # Printing and mailing break a long line: white space is no part of a certificate (RFC 7515, section 3.1).
    text = "".join(file.read_bytes().decode("ascii", "replace").split())
    verified = verify_certificate(text, _trusted(keys) or {})
    click.echo(json.dumps(plain(verified.statement), indent=None if as_json else 2))
    if as_json:
        return
    click.echo("The certificate is genuine: one of the keys given has signed exactly this.")
    stated = verified.statement
    if isinstance(stated, UninstallationStatement):
        counted = sum(each.people for each in stated.proven)
        whole = f"It is about {stated.integration}, taken away from {stated.organisation}, and graded {stated.grade}."
        click.echo(whole)
        click.echo("That grade follows from its parts; what is about everybody from the exchanges that it holds.")
        if counted:
            click.echo(f"What is about single people ({counted}) is counted: its exchanges are with the deployment.")
    elif verified.is_founded:
        click.echo("Every grade in it follows from the exchanges that it holds.")
    else:
        click.echo("It is from before evidence was kept: its grades follow from nothing in it.")


def _trusted(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    try:
        found = json.loads(path.read_bytes())
    except ValueError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("keys"), list):
        raise InvalidInputError(f"{path} is no JWK set: give the deployment's, as it is published.")
    return found
