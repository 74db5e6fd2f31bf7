"""Few texts are asked of the database that name nobody: letters and digits of a person stand in every other text."""

from __future__ import annotations

import pytest

from wardship.tenants.matching.candidates import candidates, condition
from wardship.tenants.matching.identifiers import NOTHING, Identifiers
from wardship.tenants.matching.matcher import Matcher


def _named(*names, **more):
    known = {"emails": NOTHING, "phones": NOTHING, "usernames": NOTHING, **more}
    return Identifiers(**{kind: frozenset(values) for kind, values in known.items()}, names=frozenset(names))


async def _is_candidate(owner, known, text):
    asked = candidates(known, is_certain=True)
    return await owner.fetchval(f"select {condition('$1::text', 2)}", text, *asked.arguments)


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (_named("Will Banks"), "We will meet at the river banks"),
        (_named("Will Banks"), "The goodwill banks on it"),
        (_named("Will Banks"), "Bıçak İstanbul'da kaldı"),
        (_named("Πέτρος Σιδηράς"), "Οι σημειώσεις της ομάδας είναι έτοιμες"),
        (_named("سلمى الخياط"), "أين الملفات الجديدة التي أرسلتها إلى الفريق"),
        (_named("लक्ष्मी सिंह"), "बैठक की तारीख बदल गई है"),
        (_named("김지우"), "기록은 지도 위에 있다"),
        (_named(usernames={"docker_30"}), "ask @docker_302 about it"),
        (_named(phones={"+49 30 9000391"}), "9 of 10 came, 20 left, 3 stayed, 9 of 41 wrote"),
    ],
)
async def test_text_that_only_holds_letters_or_digits_is_not_read(owner, known, text):
    assert not any(find.is_certain for find in Matcher(known).find(text))
    assert not await _is_candidate(owner, known, text)


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (_named("Will Banks"), "WİLL\u00a0BANKS"),
        (_named("Will Banks"), "Will&nbsp;Banks"),
        (_named("Will Banks"), "Will%0ABanks"),
        (_named("Will Banks"), "<p>Will <b>B</b>anks</p>"),
        (_named("Will Banks"), '["Will\\nBanks"]'),
        (_named("Will Banks"), "Will\u200b  Banks' boat"),
        (_named("Πέτρος Σιδηράς"), "ΠΕΤΡΟΣ ΣΙΔΗΡΑΣ"),
        (_named("Πέτρος Σιδηράς"), "Πέτροσ Σιδηράς"),
        (_named("Lê Văn Hưng"), "Le\u0302 Va\u0306n Hu\u031bng"),
        (_named("김지우"), "\u1100\u1175\u11b7\u110c\u1175\u110b\u116e 씨"),
        (_named(phones={"+49 30 9000391"}), "+49 (0) 30 / 900-03-91"),
        (_named(phones={"+49 30 9000391"}), "tel ٠٣٠٩٠٠٠٣٩١"),
        (_named(emails={"will@banks.example"}), "will+news@Banks.Example"),
    ],
)
async def test_text_with_an_unusual_spelling_is_read(owner, known, text):
    assert any(find.is_certain for find in Matcher(known).find(text))
    assert await _is_candidate(owner, known, text)
