"""The demonstration's checks hold, and each of those broken here is seen to fail and to spoil the exit status."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from tests.app.programs import ROOT
from wardship.app.demo import limiting, radicale_server, script
from wardship.app.demo.domains import see_afterwards
from wardship.app.demo.erasing import ADDRESS, check_erased
from wardship.app.demo.installing import check_received, members_of
from wardship.app.demo.organisations import CRANES_DOMAIN
from wardship.app.demo.proving import verify_proofs
from wardship.app.demo.remote import erase_at_letters, install_letters
from wardship.app.demo.renaming import FAULTS, check_erased_under_its_name, check_unproven
from wardship.app.demo.report import Report
from wardship.app.demo.stage import Stage


def _put(stage: Stage, name: str, properties: str) -> None:
    """Write a card into the vendor's address book behind Wardship's back."""
    card = f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{name}\r\n{properties}\r\nEND:VCARD\r\n"
    path = f"{stage.facts['collection'].removeprefix(stage.vendor.url)}{name}.vcf"
    status, _ = stage.vendor.request("PUT", path, card.encode(), {"content-type": "text/vcard"})
    assert status in {201, 204}


def _leak(stage: Stage) -> None:
    stage.until("the vendor to have every member", lambda: len(stage.cards()) == 7)
    _put(stage, "leaked", "N:Leak;Lea;;;\r\nFN:Lea Leak\r\nEMAIL:lea@elsewhere.example\r\nTITLE:Spy")


def _tidy(stage: Stage) -> None:
    path = f"{stage.facts['collection'].removeprefix(stage.vendor.url)}leaked.vcf"
    assert stage.vendor.request("DELETE", path)[0] in {200, 204}


def _return(stage: Stage) -> None:
    _put(stage, "returned", f"N:Member;Mia;;;\r\nFN:Mia Member\r\nEMAIL:{ADDRESS}")


def _bring_tom_back(stage: Stage) -> None:
    """Write a card of Tom's into the address book of the vendor that renames, as he might be found there after all."""
    stage.until("the vendor to have every pilot", lambda: len(stage.renaming.behind.resources()) == 5)
    card = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:back\r\nN:T;Tom;;;\r\nFN:Tom\r\nEMAIL:tom@harbour.example\r\nEND:VCARD\r\n"
    )
    path = f"/{stage.vendor.username}/address-book/own-back.vcf"
    assert stage.renaming.behind.request("PUT", path, card.encode(), {"content-type": "text/vcard"})[0] == 201


class _Answering(dict[str, int]):
    """Faults that are not set: every look-up is answered with what is there."""

    def __setitem__(self, text: str, status: int) -> None:
        pass


def _answer(stage: Stage) -> None:
    path = f"/{stage.vendor.username}/address-book/own-back.vcf"
    assert stage.renaming.behind.request("DELETE", path)[0] == 200
    stage.renaming.answers = _Answering()


def _leak_to_letters(stage: Stage) -> None:
    stage.letters.vendor.held["another", "person"] = {"email": "lea@elsewhere.example", "title": "Spy"}


def _keep_at_letters(stage: Stage) -> None:
    """Let the vendor say that it has erased, and erase nothing."""
    stage.letters.vendor.held["kept", "person"] = {"email": "adam@harbour.example"}


def _forge(stage: Stage) -> None:
    log = stage.folder / "audit.jsonl"
    log.write_text(log.read_text().replace("member.added", "member.adored", 1))
    certificate = stage.folder / "certificate.jws"
    head, payload, signature = certificate.read_text().strip().split(".")
    certificate.write_text(f"{head}.{payload}.{signature[:-8]}AAAAAAAA")


def _rename_lena(stage: Stage) -> None:
    """Give her who stayed another name, so that she is not the one of whom the checks are."""
    lena = members_of(stage.admin)[f"lena@{CRANES_DOMAIN}"]["id"]
    profile = {"displayName": "Somebody Else"}
    stage.admin.done("updateMember", "UpdateMemberInput", "member { id }", memberId=lena, profile=profile)


def _broken() -> list[script.Step]:
    steps: list[script.Step] = []
    before = {
        check_received: _leak,
        check_erased: _return,
        check_erased_under_its_name: _bring_tom_back,
        check_unproven: _answer,
        see_afterwards: _rename_lena,
        install_letters: _leak_to_letters,
        erase_at_letters: _keep_at_letters,
        verify_proofs: _forge,
    }
    for title, step in script.STEPS:
        if step in before:
            steps.append(("(broken on purpose)", before[step]))
        steps.append((title, step))
        if step is check_received:
            steps.append(("(tidied up)", _tidy))
    return steps


def test_make_demo_ends_well_because_every_check_holds():
    # What `make test WORKERS=3` was told would be told to this one.
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "WARDSHIP_"))}
    command = ["make", "demo", "ARGS=--json"]
    done = subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True, text=True)  # noqa: S603 - our own goal
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines[-1]["failed"] == []
    assert lines[-1]["passed"] == sum("check" in line for line in lines) >= 45
    assert done.returncode == 0, done.stderr


def test_demonstration_whose_check_fails_ends_with_another_status(monkeypatch):
    monkeypatch.setattr(script, "run_demo", lambda **_: Report())
    with pytest.raises(SystemExit) as ended:
        script.demo(as_json=False)
    assert ended.value.code == 1


def test_what_is_broken_is_found(monkeypatch):
    monkeypatch.setattr(limiting, "WITHHELD", "user.job_title")
    report = script.run_demo(steps=_broken())
    assert not report.is_whole
    assert set(report.failed) == {
        "the vendor has exactly the members",
        "the declared but ungranted user.job_title did not leave",
        "the ledger equals what the vendor received",
        "the vendor's disk holds nothing of her",
        "the vendor still has everybody else",
        "the limited copy lacks what is withheld",
        "nothing of Tom is left on its disk",
        "it was looked up under that name, and is probed",
        *(f"a look-up that is answered with {status} is no proof" for status in FAULTS.values()),
        "the vendor before it holds nobody any more",
        "it is called removed, and no vendor holds anything",
        "Lena is a member by her own choice, and the others are not",
        "the vendor's own server has exactly the members",
        "it has what was declared, and nothing else",
        "the vendor's server holds nothing of him",
        "the preview names who would come",
        "she is in the group, by the rule",
        "the certificate verifies offline",
        "the audit log verifies offline, across the erasure",
    }


def test_demonstration_without_its_third_party_says_what_to_do(monkeypatch, capsys):
    monkeypatch.setattr(radicale_server, "find_spec", lambda _name: None)
    assert script.run_demo().failed == ["the demonstration went through"]
    assert "is not installed: install it, or use `make demo` in a checkout." in capsys.readouterr().out


@pytest.mark.parametrize("held", [True, False])
def test_report_is_whole_only_with_checks_that_all_held(held, capsys):
    report = Report()
    assert not report.is_whole
    report.check("first", held=True)
    report.check("second", held=held, found="this")
    assert report.is_whole is held
    assert f"{'ok  ' if held else 'FAIL'} second (this)" in capsys.readouterr().out
