"""The demonstration organisations: small, made up, and the same every time."""

from __future__ import annotations

from dataclasses import dataclass, field

from wardship.core.actor import Role
from wardship.tenants.requests.states import RightKind


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who doesn't exist.

    Attributes:
        key: the part of the address before the at sign.
        name: first and last name.
        job: job title.
        roles: beyond that of a member.
    """

    key: str
    name: str
    job: str
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoGroup:
    """A group, its people by key (the first is its owner, the second its admin), and what they wrote.

    A text is (author's key, body); ``{key}`` in a body is a mention. With jobs, its rule takes who has one of them.
    """

    name: str
    people: tuple[str, ...] = ()
    posts: tuple[tuple[str, str], ...] = ()
    jobs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """An organisation; the first person is its owner, ``proven`` a domain that it holds.

    A request is (who asks, for which rights).
    """

    slug: str
    name: str
    domain: str
    people: tuple[DemoPerson, ...]
    groups: tuple[DemoGroup, ...] = field(default=())
    proven: str = ""
    requests: tuple[tuple[str, tuple[RightKind, ...]], ...] = ()


PRIVACY_TEAM = DemoPerson("nora", "Nora Privacy", "Privacy team")
OPERATOR = DemoPerson("otto", "Otto Operator", "Operations")
PRIVACY_TEAM_DOMAIN = "provider.example"
"""Of all of the provider's people."""
VENDOR = DemoPerson("bruno", "Bruno Brief", "Integrations")
VENDOR_DOMAIN = "letters.example"

HARBOUR = DemoOrganisation(
    "harbour",
    "Harbour Logistics",
    "harbour.example",
    (
        DemoPerson("olivia", "Olivia Owner", "Managing director"),
        DemoPerson("adam", "Adam Admin", "Head of IT", (Role.ORG_ADMIN,)),
        DemoPerson("gina", "Gina Groups", "Crew lead"),
        DemoPerson("mia", "Mia Member", "Dispatcher"),
        DemoPerson("ben", "Ben Berth", "Crane operator"),
        DemoPerson("auda", "Auda Auditor", "External auditor", (Role.AUDITOR,)),
        DemoPerson("tom", "Tom Technical", "Systems", (Role.TECHNICAL_CONTACT,)),
    ),
    (
        DemoGroup(
            "Night crew",
            ("gina", "ben", "mia"),
            (
                ("mia", "Berth 4 is free from 22:00. {ben}, can you take the crane?"),
                ("ben", "On it. Thanks {mia} for the early word."),
                ("gina", "Mia Member (mia@harbour.example) keeps the list of spare keys."),
            ),
        ),
        DemoGroup("Dispatch", ("adam", "gina", "mia"), (("adam", "Welcome to the new board."),)),
        DemoGroup("Crane crew", jobs=("Crane operator", "Crane driver")),
    ),
    proven="harbour-logistics.com",
    requests=(
        ("ben", (RightKind.ERASURE, RightKind.ACCESS)),
        ("tom", (RightKind.RESTRICTION,)),
        ("adam", (RightKind.ACCESS,)),
    ),
)

ORCHARD = DemoOrganisation(
    "orchard",
    "Orchard Foods",
    "orchard.example",
    (
        DemoPerson("petra", "Petra Pear", "Founder"),
        DemoPerson("quinn", "Quinn Quince", "Operations", (Role.ORG_ADMIN,)),
        DemoPerson("rosa", "Rosa Rhubarb", "Buyer"),
    ),
    (DemoGroup("Buying", ("quinn", "petra", "rosa"), (("rosa", "The plums arrive on Thursday."),)),),
    requests=(("quinn", (RightKind.PORTABILITY,)),),
)

CRANES_DOMAIN = "harbour-cranes.com"
OF_NO_ORGANISATION = (
    DemoPerson("lena", "Lena Lift", "Crane planner"),
    DemoPerson("omar", "Omar Outrigger", "Crane driver"),
    DemoPerson("vera", "Vera Vessel", "Surveyor"),
)
"""Accounts at that domain which belong to nobody but their owners."""

AT_PROVEN_DOMAIN = (DemoPerson("hana", "Hana Hawser", "Ship broker"),)
"""An account at the domain that Harbour Logistics holds, for a first grouping."""

OUTSIDERS = ((CRANES_DOMAIN, OF_NO_ORGANISATION), (HARBOUR.proven, AT_PROVEN_DOMAIN))
"""All accounts of no organisation, by the domain of their addresses."""

ORGANISATIONS = (HARBOUR, ORCHARD)
