"""`wardship demo`: the main job from end to end, on a deployment of its own that is thrown away afterwards."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from wardship.app.demo import careless
from wardship.app.demo.copying import ask_for_copy
from wardship.app.demo.dns_server import serving_resolvers
from wardship.app.demo.domains import ask_accounts, choose, count_first, fill_by_rule, prove_domain, see_afterwards
from wardship.app.demo.erasing import ask_for_erasure, check_erased, commit_and_wait, refuse_stale_commit
from wardship.app.demo.installing import check_isolation, check_received, install
from wardship.app.demo.letters_server import letters_server
from wardship.app.demo.limiting import keep, withhold
from wardship.app.demo.moving import move, uninstall
from wardship.app.demo.organisations import OF_NO_ORGANISATION, OUTSIDERS
from wardship.app.demo.person import Person
from wardship.app.demo.process import served
from wardship.app.demo.proving import fetch_proofs, verify_proofs
from wardship.app.demo.radicale_server import radicale_server
from wardship.app.demo.remote import erase_at_letters, install_letters, register_letters
from wardship.app.demo.renaming import check_erased_under_its_name, check_unproven, install_where_names_change
from wardship.app.demo.renaming_server import renaming_server
from wardship.app.demo.report import Report
from wardship.app.demo.stage import Stage
from wardship.core.errors import WardshipError

Step = tuple[str, Callable[[Stage], None]]

STEPS: Sequence[Step] = (
    ("Two organisations, kept apart by the database", check_isolation),
    ("The administrator installs the address book, reading what it declares", install),
    ("Exactly what was declared and granted reaches the vendor", check_received),
    ("A member asks for a copy", ask_for_copy),
    ("The member asks for erasure, and the administrator sees a preview", ask_for_erasure),
    ("The world changes before the commit", refuse_stale_commit),
    ("The present preview is committed and carried out", commit_and_wait),
    ("Nothing of the member is left but a pseudonym", check_erased),
    ("Another asks for a copy, and something is withheld", withhold),
    ("She asks for erasure, and something is kept", keep),
    ("A vendor calls people by names of its own", install_where_names_change),
    ("It erases whom it calls otherwise", check_erased_under_its_name),
    ("It does not answer when it is asked for proof", check_unproven),
    ("The organisation goes to another vendor", move),
    ("It does without, and a person says that all is done", uninstall),
    ("A vendor serves an integration itself, and the provider lets it in", register_letters),
    ("Signed messages bring what was granted, and nothing else", install_letters),
    ("The vendor begins an erasure, and tells its end by a call of its own", erase_at_letters),
    ("The administrator proves a domain", prove_domain),
    ("What a grouping would do is counted first", count_first),
    ("Accounts at the domain are asked, with three choices and a date", ask_accounts),
    ("One stays, one moves away, one closes the account", choose),
    ("The administrator sees who stayed", see_afterwards),
    ("A group is filled by a rule", fill_by_rule),
    ("The proofs are downloaded", fetch_proofs),
    ("The proofs verify offline", verify_proofs),
)
"""What happens, in order."""


def demo(*, as_json: bool) -> None:
    """Run the demonstration, and exit with 0 only if every check held."""
    sys.exit(0 if run_demo(as_json=as_json).is_whole else 1)


def run_demo(*, as_json: bool = False, steps: Sequence[Step] = STEPS) -> Report:
    """Run the demonstration, printing as it goes, and return which checks held."""
    report = Report(as_json)
    try:
        with tempfile.TemporaryDirectory(prefix="wardship-demo-") as name, stage_in(Path(name), report) as stage:
            for title, step in steps:
                with report.step(title):
                    step(stage)
    except WardshipError as error:
        report.check("the demonstration went through", held=False, found=error.message)
    report.close()
    return report


@contextmanager
def stage_in(folder: Path, report: Report) -> Iterator[Stage]:
    """Start Wardship and the vendor on a folder, sign the people in, and end it all with the context."""
    with ExitStack() as stack:
        with report.step(
            "Start Wardship with an embedded PostgreSQL, CardDAV servers, a vendor's own server, and two resolvers"
        ):
            vendor, second, behind = (
                stack.enter_context(radicale_server(folder / name)) for name in ("vendor", "second", "behind")
            )
            letters = stack.enter_context(letters_server())
            renaming = stack.enter_context(renaming_server(behind))
            resolvers = stack.enter_context(serving_resolvers())
            integrations = careless.install_for(folder)
            wardship = stack.enter_context(served(folder, integrations=integrations, dns_servers=resolvers.servers))
            report.check("Wardship serves", held=True, found=wardship.url)
        people = {role: Person(wardship.url, link, _ORGANISATION[role]) for role, link in wardship.links.items()}
        for person in people.values():
            stack.callback(person.close)
        collection = vendor.create("addressbook", "harbour")
        yield Stage(
            report,
            wardship,
            vendor,
            second,
            renaming,
            letters,
            resolvers,
            folder,
            owner=people["owner"],
            admin=people["org admin"],
            member=people["member"],
            other_member=people["group admin"],
            outsider=people["other org admin"],
            operator=people["operator"],
            vendor_account=people["vendor"],
            asked={person.key: people[f"{person.key} of no organisation"] for person in OF_NO_ORGANISATION},
            facts={"collection": collection},
        )


_ORGANISATION = {
    "owner": "harbour",
    "org admin": "harbour",
    "group admin": "harbour",
    "member": "harbour",
    "privacy team": "harbour",
    "other org admin": "orchard",
    "operator": "provider",
    "vendor": "provider",
    **{f"{person.key} of no organisation": "provider" for _domain, people in OUTSIDERS for person in people},
}
