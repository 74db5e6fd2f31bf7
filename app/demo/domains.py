"""An organisation proves a domain, and asks the accounts there to belong to it: each owner chooses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from wardship.app.demo.mailbox import mails_to, text_of
from wardship.app.demo.organisations import CRANES_DOMAIN
from wardship.app.demo.person import Person
from wardship.app.demo.stage import Stage

_PRIVATE: Final = "omar@private.example"
_STATES: Final = "{ accountClaims { edges { node { state address member { displayName email } } } } }"
_OWN: Final = "{ viewer { account { addresses { id address } claims { id state decideUntil organisationName } } } }"
_DOMAIN: Final = "query ($id: ID!) { domain(id: $id) { state finding } }"
_GROUPING: Final = "query ($id: ID!) { grouping(id: $id) { state notified } }"
_MEMBERS: Final = '{ members(first: 5, where: { namePrefix: "Lena" }) { edges { node { displayName } } } }'
_GROUP: Final = """query ($id: ID!) { group(id: $id) {
  memberships { edges { node { isByRule member { displayName } } } } } }"""
_PREVIEW: Final = "preview { joiningCount keptOut fingerprint firstJoining { displayName } }"


def prove_domain(stage: Stage) -> None:
    """A name that is typed proves nothing: the record that was issued has to be found by both resolvers."""
    claimed = stage.admin.done(
        "claimDomain", "ClaimDomainInput", "domain { id } record { name value }", name=CRANES_DOMAIN
    )
    stage.facts["domain"] = claimed["domain"]["id"]
    record = claimed["record"]
    stage.report.tell(f"TXT {record['name']} = {record['value'].partition('token=')[0]}token=…")
    stage.resolvers.records[record["name"]] = f"{record['value'][:-4]}AAAA"
    found = _verified(stage, lambda domain: domain["finding"] is not None)
    stage.report.check(
        "another record proves nothing", held=found["state"] == "PENDING", found=f"{found['state']}, {found['finding']}"
    )
    stage.resolvers.records[record["name"]] = record["value"]
    found = _verified(stage, lambda domain: domain["state"] == "VERIFIED")
    stage.report.check("the record that was issued does", held=found["state"] == "VERIFIED", found=found["finding"])


def count_first(stage: Stage) -> None:
    """The administrator learns how many accounts a grouping would ask, and of whom they are no word."""
    domain = {"domainId": stage.facts["domain"]}
    stage.admin.done(
        "setDomainPolicy", "SetDomainPolicyInput", "policy { enrolment }", **domain, enrolment="CLAIM_EXISTING"
    )
    counted = stage.admin.done("previewGrouping", "DomainInput", "grouping { id state matching members }", **domain)
    stage.facts["grouping"] = counted["grouping"]["id"]
    matching = counted["grouping"]["matching"]
    stage.report.check("three accounts have an address there", held=matching == len(stage.asked), found=matching)
    claims = _claims(stage)
    told = [mail for person in stage.asked.values() for mail in _told(stage, person)]
    stage.report.check(
        "nobody is named to the administrator, and nobody is told yet", held=not claims and not told, found="no claim"
    )


def ask_accounts(stage: Stage) -> None:
    """Each of them is told in the product and by mail, with the three choices and the date."""
    stage.admin.done("startGrouping", "GroupingInput", "grouping { state }", groupingId=stage.facts["grouping"])
    done = stage.until("all to be asked", lambda: _grouping(stage, len(stage.asked)))
    stage.report.check("all three are asked, once", held=done["notified"] == len(stage.asked), found=done["notified"])
    lena = stage.asked["lena"]
    mail = stage.until("Lena's mail", lambda: next(iter(_told(stage, lena)), None))
    claim = _own(lena)
    plain, html = text_of(mail, "plain"), text_of(mail, "html")
    day = claim["decideUntil"][:10]
    choices = ("1. Stay.", "2. Move to an address of your own.", "3. Take a copy")
    is_whole = all(choice in plain for choice in choices) and "<ol" in html and day in plain and day in html
    stage.report.check(
        "the mail has the three choices and the date, as text and as HTML", held=is_whole, found=mail["Subject"]
    )
    seen = _claims(stage)
    stage.report.check(
        "the administrator sees addresses and states, and no person",
        held=len(seen) == len(stage.asked) and not any(claim["member"] for claim in seen) and not _members(stage),
        found=", ".join(sorted(f"{claim['address']} {claim['state'].lower()}" for claim in seen)),
    )


def choose(stage: Stage) -> None:
    """Lena stays, Omar moves to an address of his own, Vera closes her account."""
    lena, omar, vera = (stage.asked[key] for key in ("lena", "omar", "vera"))
    lena.done("stayWithAccountClaim", "MyAccountClaimInput", "claim { state }", claimId=_own(lena)["id"])
    address = _add_address(stage, omar)
    moving = {"claimId": _own(omar)["id"], "addressId": address}
    omar.done("moveAwayFromAccountClaim", "MoveAwayInput", "claim { state }", **moving)
    vera_address = f"vera@{CRANES_DOMAIN}"
    vera.done(
        "closeAccountInstead", "CloseInsteadInput", "claim { state }", claimId=_own(vera)["id"], email=vera_address
    )
    left = omar.query(_OWN)["viewer"]["account"]["addresses"]
    stage.report.check(
        "Omar keeps his account under his own address",
        held=[each["address"] for each in left] == [_PRIVATE],
        found=", ".join(each["address"] for each in left),
    )
    stage.report.check("Vera's account is closed", held=vera.is_gone(), found="signed out")


def see_afterwards(stage: Stage) -> None:
    """The administrator sees her who stayed, and of the others no more than that they are not there."""
    seen = {claim["state"]: claim for claim in _claims(stage)}
    found = ", ".join(sorted(f"{state.lower()}: {claim['address'] or 'no address'}" for state, claim in seen.items()))
    managed = seen.get("MANAGED", {})
    is_kept_apart = not any(claim["member"] for state, claim in seen.items() if state != "MANAGED")
    stage.report.check(
        "Lena is a member by her own choice, and the others are not",
        held=_members(stage) == ["Lena Lift"] and bool(managed.get("member")) and is_kept_apart,
        found=found,
    )


def fill_by_rule(stage: Stage) -> None:
    """A group takes whose proven address lies at the domain: looked at first, then done exactly so."""
    group = stage.admin.done("createGroup", "CreateGroupInput", "group { id }", name="Cranes")["group"]["id"]
    rule = {"groupId": group, "conditions": [{"attribute": "EMAIL_DOMAIN", "values": [CRANES_DOMAIN.upper()]}]}
    preview = stage.admin.done("previewGroupRule", "PreviewGroupRuleInput", _PREVIEW, **rule)["preview"]
    first = [member["displayName"] for member in preview["firstJoining"]]
    stage.report.check("the preview names who would come", held=first == ["Lena Lift"], found=", ".join(first))
    wrong = stage.admin.do("setGroupRule", "SetGroupRuleInput", "group { id }", **rule, fingerprint="0" * 64)
    stage.check_refused("what was not looked at is not done", wrong, "RULE_PREVIEW_CHANGED")
    stage.admin.done("setGroupRule", "SetGroupRuleInput", "group { id }", **rule, fingerprint=preview["fingerprint"])
    edges = stage.admin.query(_GROUP, id=group)["group"]["memberships"]["edges"]
    inside = [(edge["node"]["member"]["displayName"], edge["node"]["isByRule"]) for edge in edges]
    stage.report.check("she is in the group, by the rule", held=inside == [("Lena Lift", True)], found=len(inside))


def _verified(stage: Stage, is_there: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Ask for a look into the DNS, and return the domain once the look has led to something."""
    stage.admin.done("verifyDomain", "DomainInput", "domain { state }", domainId=stage.facts["domain"])

    def look() -> dict[str, Any] | None:
        domain: dict[str, Any] = stage.admin.query(_DOMAIN, id=stage.facts["domain"])["domain"]
        return domain if is_there(domain) else None

    return stage.until("the resolvers to be asked", look)


def _claims(stage: Stage) -> list[dict[str, Any]]:
    return [edge["node"] for edge in stage.admin.query(_STATES)["accountClaims"]["edges"]]


def _grouping(stage: Stage, most: int) -> dict[str, Any] | None:
    found: dict[str, Any] = stage.admin.query(_GROUPING, id=stage.facts["grouping"])["grouping"]
    return found if found["notified"] >= most else None


def _members(stage: Stage) -> list[str]:
    return [edge["node"]["displayName"] for edge in stage.admin.query(_MEMBERS)["members"]["edges"]]


def _own(person: Person) -> dict[str, Any]:
    claims: list[dict[str, Any]] = person.query(_OWN)["viewer"]["account"]["claims"]
    return claims[0]


def _told(stage: Stage, person: Person) -> list[Any]:
    address = person.query(_OWN)["viewer"]["account"]["addresses"][0]["address"]
    return [mail for mail in mails_to(stage.folder, address) if "asks for your account" in mail["Subject"]]


def _add_address(stage: Stage, person: Person) -> str:
    """Add a proven address to somebody's account, and return its id."""
    person.client.post("/auth/addresses", json={"email": _PRIVATE}).raise_for_status()
    mail = stage.until("the link to the address", lambda: next(iter(mails_to(stage.folder, _PRIVATE)), None))
    (token,) = set(re.findall(r"/auth/link/([\w-]+)", text_of(mail, "plain")))
    person.client.post("/auth/addresses/verify", json={"token": token}).raise_for_status()
    addresses = person.query(_OWN)["viewer"]["account"]["addresses"]
    return next(str(each["id"]) for each in addresses if each["address"] == _PRIVATE)
