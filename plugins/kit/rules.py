"""What the conformance kit asks of an integration: named rules in three levels, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Level(StrEnum):
    """How far an integration can be relied on, the least first; each level asks for those below it."""

    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that an integration keeps to.

    Attributes:
        id: its name, in reports and where it is exempted; it never changes its meaning.
        statement: what holds where the rule is kept.
        reason: what goes wrong where it is not.
    """

    id: str
    level: Level
    statement: str
    reason: str


_BRONZE: Final = (
    (
        "loads",
        "The host loads the integration: three hooks, and a declaration that fits together.",
        "What can't be loaded is shown to administrators as `load_failed` and does nothing.",
    ),
    (
        "hooks-are-pure",
        "The hooks answer the same every time, open no connection and start no program.",
        "They run at every start of the host: what blocks or changes there delays it, or asks for approval each time.",
    ),
    (
        "methods-as-promised",
        "The connector has each method that the manifest promises.",
        "The host calls what is promised. What is missing fails at the moment at which somebody relies on it.",
    ),
    (
        "undeclared-data",
        "The connector asks for no field and no identifier that the manifest does not declare.",
        "What is not declared is never sent, so code that counts on it works with nothing.",
    ),
    (
        "declared-hosts",
        "Requests go to the declared hosts only.",
        "People consent to the hosts that they are shown. The host refuses any other.",
    ),
    (
        "host-client-only",
        "The connector opens no connection of its own beside the host's HTTP client.",
        "What goes another way is in no ledger, under no limit, and can't be revoked.",
    ),
    (
        "secrets-are-kept",
        "No secret stands in what the connector logs, prints, answers or raises.",
        "Logs and reasons are read by people who must not have it. The host's redaction is a net, for its own log.",
    ),
    (
        "personal-data-is-kept",
        "No value of a record and no identifier stands in what the connector logs, prints, raises or answers.",
        "An erasure can't reach what was written into a log.",
    ),
    (
        "answers-are-valid",
        "Each answer has the type that the contract names, and valid values.",
        "The host believes nothing unchecked: an invalid answer counts as none.",
    ),
    (
        "only-three-errors",
        "The connector raises the three errors of the contract, and nothing else.",
        "Anything else is a crash: it opens the circuit breaker, and its message is shown to nobody.",
    ),
    (
        "errors-are-told",
        "Where the vendor did not do what was asked, the answer is not that it is completed.",
        "A swallowed error is a share that never arrived, or an erasure that never happened, with a certificate of it.",
    ),
    (
        "deadline-is-kept",
        "Each call ends within the `acknowledge_s` of the manifest.",
        "The host cancels what takes longer, and tries again.",
    ),
    (
        "loop-is-not-blocked",
        "The connector never blocks the event loop: it awaits.",
        "A thread that blocks can't be cancelled. After three of them the integration is stopped.",
    ),
    (
        "comes-to-an-end",
        "What is answered with `in_progress` is completed when it is called again.",
        "An obligation that never ends becomes a task for a person.",
    ),
    (
        "check-succeeds",
        "`check` is completed with credentials that the vendor accepts.",
        "An installation begins with it, and ends where it fails.",
    ),
    (
        "share-is-repeatable",
        "A share that is repeated under the same obligation changes nothing more.",
        "Answers are lost. What is delivered twice must be there once.",
    ),
    (
        "record-replaces",
        "A record replaces all that the vendor holds on its person: a field that is absent is gone.",
        "A person who takes one field back would otherwise never get it back.",
    ),
    (
        "batch-is-delivered",
        "Each record of a batch reaches the vendor.",
        "A batch is answered as one: what is left out is lost, and nobody knows.",
    ),
    (
        "export-is-complete",
        "`export` gives out what was shared.",
        "A copy that lacks what was sent is wrong, and a person may complain of it.",
    ),
    (
        "export-is-tagged",
        "Each exported row has a category that the manifest declares.",
        "The copy says under which purpose something is held: by its category.",
    ),
    (
        "erase-is-idempotent",
        "`erase` of somebody who is not there, or no more, is completed with 0 records.",
        "An erasure is repeated when an answer is lost. That nobody is left is its success.",
    ),
    (
        "erased-is-gone",
        "After `erase` the vendor holds nothing on the person.",
        "This is what a certificate says.",
    ),
    (
        "revoke-is-idempotent",
        "`revoke` of what has been revoked is completed.",
        "A revocation is repeated until it is proven. One that fails the second time never ends.",
    ),
    (
        "revoked-is-gone",
        "After `revoke` the vendor holds nothing on the people whom it names, and still what it held on others.",
        "A grant that ends takes its people along, and nobody else.",
    ),
    (
        "proof-needs-an-answer",
        "`attest` proves nothing while the vendor does not answer.",
        "A server that is broken looks empty. The host refuses such a proof, and then nobody has one.",
    ),
    (
        "proof-finds-what-is-there",
        "`attest` tells what it still finds of a person who has not been erased.",
        "A proof that comes out the same either way proves nothing.",
    ),
    (
        "unsigned-is-refused",
        "`receive` refuses a call that bears no valid signature.",
        "Its address is no secret: anybody could take people's consent back, or give it.",
    ),
    (
        "document-stands",
        "The document of a remote integration says the same each time.",
        "It is read again every day: what changes there asks each administrator for approval.",
    ),
    (
        "signature-is-checked",
        "An endpoint refuses a message that the signing secret has not signed as it is, and does nothing of it.",
        "Its address is no secret: anybody could bring people's data, or erase it.",
    ),
    (
        "old-message-is-refused",
        "An endpoint refuses a message that was signed more than five minutes before or after the present moment.",
        "Who has once read a message could send it again for ever.",
    ),
)
_SILVER: Final = (
    (
        "no-more-methods",
        "The connector has no method that the manifest does not promise.",
        "The host never calls it, and people are told that there is no such thing.",
    ),
    (
        "fields-are-used",
        "Each declared field and identifier is read by the connector, or sent to the vendor.",
        "What is declared is asked of people. Ask for what is needed.",
    ),
    (
        "hosts-are-used",
        "Each declared host is asked by some call.",
        "People are shown each host. One that is never used is one to doubt.",
    ),
    (
        "grant-is-repeatable",
        "`grant` is completed, and completed again.",
        "Its answer may be lost like any other.",
    ),
    (
        "restriction-is-lifted",
        "`restrict` is completed, twice over, and lifting it brings the record back.",
        "A restriction is for a time. What it took away has to be there again afterwards.",
    ),
    (
        "states-are-true",
        "`reconcile` tells of each person asked about once: who is there, and who is not.",
        "It is how the host learns what notices missed.",
    ),
    (
        "unknown-is-empty",
        "`export` of a person whom the vendor does not know is completed without rows.",
        "Somebody who was never shared has a right to that answer too.",
    ),
    (
        "order-does-not-matter",
        "What overtakes the share it is about ends: `restrict` and `revoke` completed, `correct` at least refused.",
        "Calls about one person may overtake one another. What waits for the other one waits for ever.",
    ),
    (
        "refused-credentials",
        "An answer of 401 becomes `AuthorisationExpired`.",
        "Only then is the administrator asked to reconnect. Anything else is tried again in vain.",
    ),
    (
        "slower-pace",
        "An answer of 429 is left to the host: no crash, no refusal, and no waiting of the connector's own.",
        "The host knows the pace of all calls and all processes. A call that waits by itself runs out of time.",
    ),
    (
        "outage-is-no-refusal",
        "A vendor that is down (5xx, no answer, half an answer) is `TemporarilyUnavailable`, and no refusal.",
        "A refusal is final: the host would give up what an hour later succeeds.",
    ),
    (
        "garbage-is-no-answer",
        "A page for people in place of an answer is not taken for an empty one.",
        "Sign-in pages and maintenance pages come with the status 200.",
    ),
    (
        "batch-is-as-large-as-it-says",
        "A batch of as many records as `limits.batch` says is delivered within the deadline, to the last of them.",
        "Batches are filled up to it on the day on which many people are shared at once.",
    ),
    (
        "every-cause-is-taken",
        "`erase`, `revoke` and `restrict` are completed for each cause that the contract has.",
        "A cause says why, and never whether: what waits for the expected one is kept for ever.",
    ),
    (
        "objection-is-taken",
        "`restrict` for one purpose is completed, what is shared after it is there, and taking it back is completed.",
        "An objection to one purpose leaves the others: both have to be told apart.",
    ),
    (
        "lost-answer",
        "What was done and whose answer was lost is done once when it is repeated.",
        "Networks lose answers. This is why the same obligation comes twice.",
    ),
    (
        "idempotency-keys",
        "Two different requests never share an `Idempotency-Key`, and a repeated one keeps its key.",
        "A vendor drops the second request with a key, or does twice what comes with two.",
    ),
    (
        "no-own-retries",
        "The connector does not repeat a request that has failed.",
        "The host repeats within a budget, at the vendor's pace. Both together are a flood.",
    ),
    (
        "lets-go",
        "A call that is cancelled ends at once.",
        "What holds on keeps the thread, and the host stops the integration after three of them.",
    ),
    (
        "secret-not-in-address",
        "No secret stands in the address of a request.",
        "Addresses are written into the logs of proxies and servers. Use a header.",
    ),
    (
        "proof-as-promised",
        "Proofs of erasure and of revocation earn the grade that the revocation plan promises.",
        "The plan is shown at installation. A certificate says what was really proven.",
    ),
    (
        "replay-changes-nothing",
        "An endpoint answers a message that comes again, by its `webhook-id`, as before, and does nothing more.",
        "Answers are lost, and messages overtake one another: an earlier record would undo a later one.",
    ),
    (
        "rotation-is-followed",
        "An endpoint takes a message of whose signatures any fits.",
        "While the secret is replaced there are two, and a message that is refused ends in a task for a person.",
    ),
    (
        "additions-are-ignored",
        "An endpoint takes a message that says more than it knows.",
        "A later version of the protocol adds parts; an endpoint that refuses them stops that day.",
    ),
    (
        "own-calls-are-signed",
        "What an endpoint tells by calls of its own is signed with the signing secret, and says what the protocol has.",
        "Anything else is believed by nobody, and is asked for an hour later.",
    ),
)
_GOLD: Final = (
    (
        "present-contract",
        "The manifest states the present version of the contract.",
        "The host serves the present one and the one before, and no other.",
    ),
    (
        "nothing-by-hand",
        "Export, correction, erasure, revocation and proof are the connector's, and none is a task for a person.",
        "What a person has to do is late, and forgotten.",
    ),
    (
        "vendor-says-more",
        "The manifest names the vendor's privacy policy and its agreement on processing.",
        "An administrator needs both before anything may be sent.",
    ),
    (
        "host-clock",
        "Moments come from `context.now()`, whatever the machine's clock says.",
        "Proofs and deadlines are compared with the host's clock.",
    ),
)

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        entry[0]: Rule(entry[0], level, entry[1], entry[2])
        for level, entries in ((Level.BRONZE, _BRONZE), (Level.SILVER, _SILVER), (Level.GOLD, _GOLD))
        for entry in entries
    }
)
"""All rules by their names, those of the lowest level first."""
