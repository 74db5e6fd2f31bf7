"""Remote integrations with one thing wrong: in what Node.js runs, so that the kit sees no more of it than the host."""

from __future__ import annotations

from typing import Final

from tests.plugins.kit.served import Change

_REFUSES_REPETITIONS = """
    if (taken.has(headers["webhook-signature"])) return { status: 409 };
    taken.add(headers["webhook-signature"]);
    if (!answers.has(id))"""
_REFUSES_ADDITIONS = """
    const known = ["verb", "installation_id", "obligation_id", "settings", "continuation", "cause", "callback_url"];
    const unknown = Object.keys(data).filter((name) => ![...known, "argument", "secrets", "deadline"].includes(name));
    if (unknown.length) return { status: 422, body: { detail: "an unknown part" } };
    if (!product.does("""
_TAKES_ITS_TIME = """{
    const body = await read(request);
    if (body.includes("wardship.reconcile")) await new Promise((go) => setTimeout(go, 3000));
    return take(request.headers, body);
  }"""
_TELLS_PEOPLE = """
      const detail = `wrote ${argument.records[0].fields[0].value}`;
      return { status: 200, body: { ...completed(argument.records.length), detail } };"""
_MERGES = """
    const before = of(installation).get(record.subject.id)?.fields;
    of(installation).set(record.subject.id, { fields: { ...before, ...fields },"""
_ERASES = "completed(of(installation_id).delete(argument.id) ? 1 : 0)"

WRONG_REMOTES: Final[dict[str, tuple[str, tuple[Change, ...]]]] = {
    "verifies nothing": (
        "signature-is-checked",
        (Change("webhooks.mjs", 'throw new NotSigned("no signature fits");', "return id;"),),
    ),
    "takes what has no signature at all": (
        "signature-is-checked",
        (Change("webhooks.mjs", "  const given =", "  if (!signatures) return id;\n  const given ="),),
    ),
    "takes what was signed at any time": (
        "old-message-is-refused",
        (Change("webhooks.mjs", "TOLERANCE_S = 300", "TOLERANCE_S = Infinity"),),
    ),
    "takes what was signed long ago": (
        "old-message-is-refused",
        (Change("webhooks.mjs", "Math.abs(nowS - Number(timestamp))", "Number(timestamp) - nowS"),),
    ),
    "does again what comes again": (
        "replay-changes-nothing",
        (Change("endpoint.mjs", "if (!answers.has(id)) remember", "remember"),),
    ),
    "refuses what comes again": (
        "replay-changes-nothing",
        (
            Change("endpoint.mjs", "\n    if (!answers.has(id))", _REFUSES_REPETITIONS),
            Change("endpoint.mjs", "const answers = new Map();", "const answers = new Map(), taken = new Set();"),
        ),
    ),
    "looks at the first signature alone": (
        "rotation-is-followed",
        (Change("webhooks.mjs", 'signatures.split(" ");', 'signatures.split(" ").slice(0, 1);'),),
    ),
    "compares both signatures as one": (
        "rotation-is-followed",
        (Change("webhooks.mjs", 'signatures.split(" ");', "[signatures];"),),
    ),
    "refuses what it does not know": (
        "additions-are-ignored",
        (Change("endpoint.mjs", "\n    if (!product.does(", _REFUSES_ADDITIONS),),
    ),
    "says something else each time": (
        "document-stands",
        (Change("document.mjs", 'version: "0.1.0"', "version: `0.1.${process.hrtime.bigint()}`"),),
    ),
    "signs its own calls with another secret": (
        "own-calls-are-signed",
        (Change("endpoint.mjs", "secrets.map((secret) => sign(secret,", "secrets.map(() => sign('A'.repeat(43),"),),
    ),
    "calls with what the protocol does not have": (
        "own-calls-are-signed",
        (Change("endpoint.mjs", 'type: "outcome",', 'type: "finished",'),),
    ),
    "answers with a state that there is not": (
        "answers-are-valid",
        (Change("product.mjs", '"active" : "unknown"', '"there" : "absent"'),),
    ),
    "answers with a page for people": (
        "answers-are-valid",
        (
            Change(
                "product.mjs", "body: { standings }", 'body: { standings }, headers: { "content-type": "text/html" }'
            ),
        ),
    ),
    "takes longer than it says": (
        "deadline-is-kept",
        (
            Change("document.mjs", "      receives,\n", "      receives,\n      deadlines: { acknowledge_s: 1 },\n"),
            Change("server.mjs", "return take(request.headers, await read(request));", _TAKES_ITS_TIME),
        ),
    ),
    "tells a secret in its answer": (
        "secrets-are-kept",
        (
            Change(
                "product.mjs",
                "check: () => done(),",
                "check: ({ secrets }) => ({ status: 200, body: { ...completed(0), detail: secrets.api_key } }),",
            ),
        ),
    ),
    "tells personal data in its answer": (
        "personal-data-is-kept",
        (Change("product.mjs", "\n      return done(argument.records.length);", _TELLS_PEOPLE),),
    ),
    "never ends what it has begun": (
        "comes-to-an-end",
        (
            Change("product.mjs", "          erasures.set(obligation_id, outcome);\n          finish(outcome);\n", ""),
            Change("product.mjs", '"retry-after": "2"', '"retry-after": "0"'),
        ),
    ),
    "leaves what it says is erased": (
        "erased-is-gone",
        (Change("product.mjs", _ERASES, _ERASES.replace("delete", "has")),),
    ),
    "counts an erasure that is repeated": (
        "erase-is-idempotent",
        (Change("product.mjs", _ERASES, "completed((of(installation_id).delete(argument.id), 1))"),),
    ),
    "merges instead of replacing": (
        "record-replaces",
        (Change("product.mjs", "\n    of(installation).set(record.subject.id, { fields,", _MERGES),),
    ),
    "proves what has not happened": (
        "proof-finds-what-is-there",
        (Change("product.mjs", "residual: left ? [`${left} still there`] : []", "residual: []"),),
    ),
    "takes fewer at once than it says": (
        "batch-is-as-large-as-it-says",
        (Change("product.mjs", "of argument.records)", "of argument.records.slice(0, 50))"),),
    ),
    "erases on request alone": (
        "every-cause-is-taken",
        (
            Change("product.mjs", "erase({ installation_id,", "erase({ cause, installation_id,"),
            Change(
                "product.mjs",
                "      if (!erasures.has(",
                '      if (cause === "retention_ended") return { status: 422, body: { detail: "we keep our own" } };\n'
                "      if (!erasures.has(",
            ),
        ),
    ),
    "gives no receipt": (
        "proof-as-promised",
        (Change("product.mjs", "vendor_confirmation: { code: evidence.slice(0, 12) },", ""),),
    ),
}
"""By what is wrong: the rule that it breaks, and no other, and what is changed in what is right."""
