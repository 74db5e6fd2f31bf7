"""Asks the DNS as proofs do: what `wardship domain check` does."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Final

import click

from wardship.app.commands.bootstrap import bootstrap
from wardship.tenants.domains.examining import ExaminedDomain, ExaminedRecord, examine_domain
from wardship.tenants.domains.proof import can_agree
from wardship.tenants.domains.records import ClaimScope, Finding
from wardship.tenants.domains.resolvers import Answer, Reply

_CLAIMED: Final = {ClaimScope.NAME: "the domain alone", ClaimScope.SUBTREE: "the domain and all names below"}
_FOLLOWS: Final = {
    Finding.PROVEN: "the resolvers agree: a claim for which this record was issued is proven.",
    Finding.ABSENT: "the resolvers agree that there is none of ours: no claim is proven by it, and a proof is missed.",
    Finding.WILDCARD: "the alias is there for every name, so that it proves nothing: place the record itself.",
    Finding.NO_MAIL: "names like this are given to everybody: without an MX record it can't be proven.",
    Finding.UNCLEAR: "nothing follows: the resolvers disagree, or only one has answered and vouches for no signature.",
    Finding.OUTAGE: "nothing follows: no resolver could tell. A proof that was found before is not lost by it.",
}
_FEW: Final = (
    "Two resolvers have to agree, or one has to check signatures: name them in WARDSHIP_DNS_SERVERS (docs/domains.md)."
)


def check(name: str, *, as_json: bool) -> None:
    """Print what each resolver answers and what follows; exit with 1 when they can't tell."""
    found = asyncio.run(examine_domain(bootstrap(), name))
    click.echo(json.dumps(_as_json(found), ensure_ascii=False) if as_json else "\n".join(_lines(found)))
    sys.exit(0 if found.is_clear else 1)


def _lines(found: ExaminedDomain) -> Iterator[str]:
    yield f"{found.name} {f'can be claimed by nobody: {found.refusal}' if found.refusal else 'can be claimed.'}"
    if not can_agree(found.resolvers):
        yield _FEW
    for record in found.records:
        yield from _lines_of_record(record)


def _lines_of_record(record: ExaminedRecord) -> Iterator[str]:
    yield ""
    yield f"TXT at {record.name}, for {_CLAIMED[record.scope]}:"
    for answer in record.answers:
        yield f"  {answer.resolver} says: {_said(answer)}"
        for text in answer.records:
            yield f"    {text}"
    yield f"  So {_FOLLOWS[record.finding]}"


def _said(answer: Answer) -> str:
    signed = ", signed" if answer.is_signed else ""
    by_alias = f", by an alias to {answer.target}" if answer.target else ""
    match answer.reply:
        case Reply.RECORDS:
            count = len(answer.records)
            return f"{count} {'record' if count == 1 else 'records'}{by_alias}{signed}"
        case Reply.ABSENT:
            return f"{answer.reason}{by_alias}{signed}"
        case Reply.FAILED:
            return f"nothing: {answer.reason}"


def _as_json(found: ExaminedDomain) -> Mapping[str, object]:
    return {
        "name": found.name,
        "refusal": found.refusal or None,
        "is_clear": found.is_clear,
        "records": [
            {
                "scope": record.scope.value,
                "name": record.name,
                "finding": record.finding.value,
                "answers": [_answer(answer) for answer in record.answers],
            }
            for record in found.records
        ],
    }


def _answer(answer: Answer) -> Mapping[str, object]:
    return {
        "resolver": str(answer.resolver),
        "reply": answer.reply.value,
        "records": list(answer.records),
        "is_signed": answer.is_signed,
        "target": answer.target or None,
        "reason": answer.reason or None,
    }
