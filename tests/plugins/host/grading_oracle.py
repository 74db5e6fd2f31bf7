"""The rule of absence said again, slowly and without the product's code."""

from __future__ import annotations

from collections.abc import Sequence

from wardship.plugins.host.exchanges import Exchange

WRITES = {"PUT", "DELETE"}


def is_absent_where_found(exchanges: Sequence[Exchange], earlier: Sequence[Exchange]) -> bool:
    """Tell whether a probe of one person proves that nothing is left."""
    if any(hinders(each) for each in ends(exchanges)):
        return False
    looked = questions(exchanges)
    timeline = [*questions(earlier), *looked]
    if any(names(each) and not answered_empty(each, looked[at + 1 :]) for at, each in enumerate(looked)):
        return False
    empty = [each for each in looked if is_empty(each, timeline)]
    places = {each.target for each in empty}
    elsewhere = [at for at, each in enumerate(timeline) if names(each) and each.target not in places]
    if any(timeline[at].method != "POST" and not answered_empty(timeline[at], timeline[at + 1 :]) for at in elsewhere):
        return False
    if any(not is_taken_back(each, at, [*earlier, *exchanges]) for at, each in enumerate([*earlier, *exchanges])):
        return False
    if is_lost([*earlier, *exchanges]) and not any(map(succeeds, empty)):
        return False
    return bool(empty) and all(succeeds(each) or is_answering(each, exchanges) for each in empty)


def ends(exchanges: Sequence[Exchange]) -> list[Exchange]:
    asked = [each for each in exchanges if not each.is_followed]
    return [each for at, each in enumerate(asked) if each.target not in {later.target for later in asked[at + 1 :]}]


def hinders(each: Exchange) -> bool:
    return each.error is not None or each.status in {302, 401, 429, 503}


def questions(exchanges: Sequence[Exchange]) -> list[Exchange]:
    return [each for each in exchanges if not each.is_followed and each.method not in WRITES]


def is_taken_back(each: Exchange, at: int, everything: Sequence[Exchange]) -> bool:
    """Tell whether nothing was written with an exchange, or what was is deleted or gone since."""
    where = each.made or ((each.target,) if each.method == "PUT" else ())
    if each.is_followed or not (succeeds(each) or is_unsure(each)) or each.method not in {"PUT", "POST"} or not where:
        return True
    after = [one for one in everything[at + 1 :] if not one.is_followed and one.target in where]
    return any(is_gone(one) or (one.method == "DELETE" and succeeds(one)) for one in after)


def is_unsure(each: Exchange) -> bool:
    return each.method in {"PUT", "POST"} and (each.error is not None or each.status == 503)


def is_lost(everything: Sequence[Exchange]) -> bool:
    """Tell whether something may be at an address that a vendor chose and did not tell."""
    asked = [each for each in everything if not each.is_followed]
    return any(each.made and each.target not in each.made for each in asked) and any(map(is_unsure, asked))


def succeeds(each: Exchange) -> bool:
    return each.error is None and each.status in {200, 207}


def names(each: Exchange) -> bool:
    return succeeds(each) and each.names_subject


def asks_the_same(one: Exchange, other: Exchange) -> bool:
    return (one.method, one.target, one.request_digest) == (other.method, other.target, other.request_digest)


def is_gone(each: Exchange) -> bool:
    return each.error is None and each.status in {404, 410} and each.method not in {"POST", "PUT"}


def answered_empty(each: Exchange, later: Sequence[Exchange]) -> bool:
    """Tell whether something later said that what an answer named is there no more."""
    return any(
        (asks_the_same(one, each) and succeeds(one) and not one.names_subject and not one.is_void)
        or (is_gone(one) and one.target == each.target)
        for one in later
    )


def is_empty(each: Exchange, timeline: Sequence[Exchange]) -> bool:
    """Tell whether an answer says that nobody is where somebody was found, at whatever time."""
    found = [one for one in timeline if names(one) and one.target == each.target]
    if is_gone(each):
        return bool(found)
    if not (each.asks_for_subject or each.method == "PROPFIND"):
        return False
    if each.is_void or (each.method in {"PROPFIND", "REPORT"} and each.status != 207):
        return False
    return succeeds(each) and not each.names_subject and any(asks_the_same(one, each) for one in found)


def is_answering(each: Exchange, exchanges: Sequence[Exchange]) -> bool:
    return any(
        succeeds(one) and not one.is_void and (one.server, one.credential) == (each.server, each.credential)
        for one in exchanges
    )
