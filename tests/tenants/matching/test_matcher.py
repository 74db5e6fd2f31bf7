"""A person is found in every way of writing, and nobody else is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardship.core.database.personal_data import TextContext
from wardship.tenants.matching.finds import rewrite
from wardship.tenants.matching.identifiers import Identifiers
from wardship.tenants.matching.matcher import Matcher
from wardship.tenants.matching.rules import Certainty
from wardship.tenants.matching.spans import Spans


def _known(*names: str, **others: set[str]) -> Identifiers:
    given = {name: frozenset(texts) for name, texts in others.items()}
    return Identifiers(
        emails=given.pop("emails", frozenset()),
        phones=given.pop("phones", frozenset()),
        usernames=given.pop("usernames", frozenset()),
        names=frozenset(names),
        **given,
    )


def _judged(known: Identifiers, text: str, context: TextContext = TextContext.TEXT) -> tuple[str, list[str]]:
    """Return the text as it is rewritten unasked, and what is listed."""
    finds = Matcher(known).find(text, context)
    listed = [text[find.start : find.end] for find in finds if not find.is_certain]
    return rewrite(text, [find for find in finds if find.is_certain], "#"), listed


def _certain(known: Identifiers, text: str, context: TextContext = TextContext.TEXT) -> str:
    rewritten, listed = _judged(known, text, context)
    assert listed == []
    return rewritten


ADA = _known(
    "Ada Lovelace",
    "Lovelace, Ada",
    emails={"ada.lovelace@example.org"},
    phones={"+44 20 7946-0000"},
    usernames={"countess"},
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to ada.lovelace@example.org.", "Write to #."),
        ("<ADA.LOVELACE@EXAMPLE.ORG>", "<#>"),
        ("https://files.example/ada.lovelace%40example.org/plan", "https://files.example/%23/plan"),
        ("not xada.lovelace@example.org", None),
        ("call +44 20 7946 0000 or +442079460000", "call # or #"),
        ("call 44 (20) 7946.0000", "call #"),
        ("number 14420794600001", None),
        ("Ada Lovelace, ada  lovelace and LOVELACE, ADA", "#, # and #"),
        ("Ada\nLovelace", "#"),
        ("Canada Lovelacer", None),
        ("@countess and the viscountess", "@# and the viscountess"),
        ("Ada alone is nobody in particular", None),
    ],
)
def test_identifiers_are_found_as_a_whole(text, expected):
    assert _certain(ADA, text) == (text if expected is None else expected)


def test_name_in_an_address_of_another_domain_is_asked_about():
    text = "ada.lovelace@example.org.uk"
    assert _judged(ADA, text) == (text, [text])


def test_word_that_is_the_name_stays_and_a_name_is_asked_about():
    art = _known("Art", usernames={"art"})
    assert _judged(_known("Art"), "state of the art") == ("state of the art", [])
    assert _judged(_known("Will"), "We will see. Will we?") == ("We will see. Will we?", ["Will"])
    assert _judged(_known("Will"), "Ask Will about it") == ("Ask Will about it", ["Will"])
    assert _certain(art, "thanks @art") == "thanks @#"
    assert _certain(_known("Art"), "https://art.example/Art/art?Art=1 art@gallery.example") == (
        "https://art.example/Art/art?Art=1 art@gallery.example"
    )


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("王小明", "我和王小明去开会。", "我和#去开会。"),
        ("田中太郎", "昨日田中太郎さんが来た", "昨日#さんが来た"),
        ("김민수", "김민수는 회의에 갔다", "#는 회의에 갔다"),
        ("สมชาย ใจดี", "พบกับสมชาย ใจดีเมื่อวาน", "พบกับ#เมื่อวาน"),
    ],
)
def test_names_are_found_where_words_have_no_spaces(name, text, expected):
    assert _certain(_known(name), text) == expected


@pytest.mark.parametrize(
    ("name", "text", "listed"),
    [
        ("李娜", "我和李娜去开会。", ["李娜"]),
        ("Bo", "I asked Bo to come", ["Bo"]),
        ("สมชาย ใจดี", "พบกับสมชายใจดีเมื่อวาน", ["สมชายใจดี"]),
        ("Bo", "a bo tree, Bob and bold", ["bo"]),
    ],
)
def test_short_names_are_asked_about(name, text, listed):
    assert _judged(_known(name), text) == (text, listed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("_Ann Ray_", "_#_"),
        ("**Ann Ray**", "**#**"),
        ("Ann_Ray_CV.pdf", "#_CV.pdf"),
        ("see Ann-Ray.pdf", "see #.pdf"),
        ("Ann%20Ray.pdf", "#.pdf"),
        ("Ann\u200b Ray", "#"),
        ("Ann R\u00aday", "#"),
        ("Ann\u00a0Ray", "#"),
        ("Ann\n> Ray", "#"),
        ("ANN RAY", "#"),
        ("Ａｎｎ Ｒａｙ", "#"),
        ("Ann Ray's", "#'s"),
    ],
)
def test_marks_and_invisible_signs_hide_no_name(text, expected):
    assert _certain(_known("Ann Ray"), text) == expected
    assert _certain(_known("Ann Ray"), text, TextContext.NAME) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Zoë Ångström", "Team ZOË ÅNGSTRÖM", "Team #"),
        ("Zoë Ångström", "Zoe\u0308 A\u030angstro\u0308m", "#"),
        ("İsmail Şık", "İSMAİL ŞIK", "#"),
        ("İsmail Şık", "ismail şık", "#"),
        ("Jürgen Strauß", "JÜRGEN STRAUSS", "#"),
        ("Άννα Παππά", "ΑΝΝΑ ΠΑΠΠΑ", "#"),
        ("Νίκος Σίμος", "ΝΊΚΟΣ ΣΊΜΟΣ", "#"),
        ("Анна Рэй", "АННА РЭЙ", "#"),
        ("Աննա Րեյ", "ԱՆՆԱ ՐԵՅ", "#"),
        ("ანა რეი", "ᲐᲜᲐ ᲠᲔᲘ", "#"),
    ],
)
def test_letter_case_outside_ascii_is_folded(name, text, expected):
    assert _certain(_known(name), text) == expected


def test_namesake_outside_ascii_stays_unless_the_person_is_meant():
    emile = _known("Émile Zóla", emails={"emile@example.org"}, namesakes={"ÉMILE ZÓLA"})
    assert _judged(emile, "E\u0301mile Zóla came") == ("E\u0301mile Zóla came", ["E\u0301mile Zóla"])


def test_longer_name_of_another_member_stays():
    ann = _known("Ann Ray", others={"Mary Ann Ray"})
    assert _certain(ann, "Mary Ann Ray met Ann Ray") == "Mary Ann Ray met #"
    assert _certain(ann, "MARY_ANN_RAY.pdf") == "MARY_ANN_RAY.pdf"


@pytest.mark.parametrize("name", ['Kim "Q" Lee', "Kim\\Lee", "D'Arcy (née [O.])", "Zoë Ñ. Ray", "Sean O\u2019Brien"])
def test_names_with_signs_are_found_behind_every_escape(name):
    known = _known(name)
    assert _certain(known, f"said {name}.") == "said #."
    document = json.dumps({"by": [name, f"a {name}\nb"]})
    assert json.loads(_certain(known, document, TextContext.JSON)) == {"by": ["#", "a #\nb"]}
    assert _certain(known, f"<p>{name.replace('é', '&eacute;')}</p>") == "<p>#</p>"


def test_tags_and_their_addresses_stay():
    text = '<a href="https://x.example/Ann%20Ray" title="Ann Ray">Ann <b>Ray</b></a>'
    rewritten, listed = _judged(_known("Ann Ray"), text, TextContext.HTML)
    assert rewritten == '<a href="https://x.example/Ann%20Ray" title="#">#<b></b></a>'
    assert listed == []


@pytest.mark.parametrize(
    "text",
    ["idn@bücher.example", "idn@xn--bcher-kva.example", "IDN+news@BÜCHER.example", "idn%40xn--bcher-kva.example"],
)
def test_forms_of_an_address_are_one(text):
    assert _certain(_known(emails={"idn@bücher.example"}), f"to {text}.") == "to #."


@pytest.mark.parametrize(
    "text",
    [
        "+49 30 901820",
        "030 901820",
        "0049 30 901820",
        "+49 (0)30 901820",
        "030/901820",
        "+49-30-90 18 20",
        "030.901820",
    ],
)
def test_forms_of_a_telephone_number_are_one(text):
    assert _certain(_known(phones={"+49 30 901820"}), f"call {text}!") == "call #!"


@pytest.mark.parametrize("text", ["1030901820", "030 9018201", "030 901820-15", "+1030901820", "x030901820"])
def test_number_inside_a_longer_one_stays(text):
    assert _certain(_known(phones={"+49 30 901820"}), f"no {text}!") == f"no {text}!"


def test_date_is_no_telephone_number():
    known = _known(phones={"2024-01-15"})
    assert _certain(known, "on 2024-01-15, 20240115 and 2024/01/15") == "on 2024-01-15, 20240115 and 2024/01/15"
    assert _judged(known, "tel. 2024-01-15") == ("tel. 2024-01-15", ["2024-01-15"])


def test_names_inside_addresses_are_asked_about():
    text = "https://x.example/Ann%20Ray and ann.ray@other.example and ann-ray.example"
    assert _judged(_known("Ann Ray"), text) == (text, ["Ann%20Ray", "ann.ray@other.example", "ann-ray"])
    assert (
        _certain(_known(usernames={"ann_ray"}), "https://social.example/@ann_ray/1") == "https://social.example/@%23/1"
    )


def test_list_of_names_is_asked_about():
    ann = _known("Ann Ray", "Ray, Ann")
    assert _certain(ann, "by Ray, Ann (ed.)") == "by # (ed.)"
    assert _judged(ann, "Bob Ray, Ann Miller") == ("Bob Ray, Ann Miller", ["Ray, Ann"])


def test_username_made_of_the_full_name_is_found_as_it_is_written_only():
    ann = _known("Ann Ray", usernames={"annray"})
    assert _certain(ann, "annray wrote") == "# wrote"
    assert _judged(ann, "Ann Ray-Smith came") == ("Ann Ray-Smith came", ["Ann Ray"])


def test_word_is_found_where_a_longer_name_only_seems_to_begin():
    ann = _known("Ann Ray", parts={"Ann", "Ray"})
    assert _judged(ann, "it was Ann\n\nRay") == ("it was Ann\n\nRay", ["Ann", "Ray"])


@pytest.mark.parametrize("text", ["Juergen Mueller", "Jurgen Muller", "J. Müller", "JURGEN MULLER"])
def test_name_without_its_accents_or_shortened_is_asked_about(text):
    assert _judged(_known("Jürgen Müller"), f"by {text}") == (f"by {text}", [text])


def person_called(first: str, last: str, **others: set[str]) -> Identifiers:
    names = (f"{first} {last}", f"{last} {first}", f"{last}, {first}")
    return _known(*names, parts={first, last}, **others)


SHORTENED = [
    ("Anne", "Rayburn", "Rayburn, A."),
    ("Anne", "Rayburn", "Rayburn A."),
    ("Anne", "Rayburn", "Anne R."),
    ("Anne", "Rayburn", "Anne B. Rayburn"),
    ("Anne", "Rayburn", "Anne Maria Rayburn"),
    ("Anne", "Rayburn", "Ann&#101; B. Rayburn"),
    ("María José", "García Márquez", "María José García"),
    ("María José", "García Márquez", "María García"),
    ("Maxé", "Mülé", "Maxe Mülé"),
    ("Jan", "van der Berg", "Van der Berg"),
    ("Jan", "van der Berg", "Berg, Jan van der"),
    ("Sean", "O'Brien", "Sean O Brien"),
    ("Sean", "O'Brien", "SEAN O`BRIEN"),
    ("Anne", "Rayburn", "anne"),
    ("Anne", "Rayburn", "annerayburn"),
    ("Anne", "Rayburn", "ANNERAYBURN"),
    ("أحمد", "الراوي", "والراوي"),
    ("小明", "王", "王先生"),
]


@pytest.mark.parametrize(("first", "last", "text"), SHORTENED)
def test_name_that_is_shortened_or_inflected_is_asked_about(first, last, text):
    written = f"we met {text} there"
    rewritten, listed = _judged(person_called(first, last), written)
    assert (rewritten, len(listed)) == (written, 1) or "#" in rewritten
    assert listed == [] or listed[0] in text


@pytest.mark.parametrize(
    ("name", "text"),
    [("Anne", "Annes Auto"), ("Jürgen", "bei Jürgens Auto"), ("김민준", "김 민준은"), ("田中太郎", "田中 太郎さん")],
)
def test_name_with_an_ending_or_a_gap_is_found(name, text):
    rewritten, listed = _judged(_known(name), text)
    assert "#" in rewritten or listed


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("Will", "Price", "Will Price increases hold?"),
        ("Will", "Price", "WILL PRICE RISE?"),
        ("Mark", "Up", "Mark up the file"),
        ("June", "May", "in May, June and July"),
        ("June", "May", "in May-June"),
    ],
)
def test_name_made_of_words_is_asked_about_where_it_reads_as_words(first, last, text):
    rewritten, listed = _judged(person_called(first, last), text)
    assert rewritten == text
    assert listed


@pytest.mark.parametrize("text", ["Mary A. Rayburn", "Mary Anne B. Rayburn"])
def test_shortened_name_after_another_first_name_is_only_possible(text):
    finds = Matcher(person_called("Anne", "Rayburn")).find(f"we met {text} there")
    assert [find.certainty for find in finds] == [Certainty.POSSIBLE]


def test_name_made_of_words_is_rewritten_where_it_stands_as_a_name():
    assert (
        _certain(person_called("Will", "Price"), "yesterday we asked Will Price about it")
        == "yesterday we asked # about it"
    )


def test_nobody_is_found_by_nothing():
    assert Matcher(_known()).find("Ann Ray") == []


def _within_seconds(known: Identifiers, text: str) -> list[str]:
    """Return what is found; a test that hangs is ended by its limit of time."""
    return [text[find.start : find.end] for find in Matcher(known).find(text)]


def test_no_text_stops_the_search_by_how_deep_it_is_nested():
    assert _within_seconds(_known("Ann Ray"), f"{'[' * 19_000}\\ Ann Ray") == ["Ann Ray"]


@pytest.mark.parametrize("sign", ['"', "'", ".", "-", "*", '"-'])
def test_no_name_of_signs_alone_makes_the_search_endless(sign):
    name = f"a{sign * 90}a"
    assert _within_seconds(_known(name), f"a{sign * 4000} x") == []
    assert name in _within_seconds(_known(name), f"x {name} x")


@pytest.mark.parametrize("text", ["Ann Ray " * 2400, "https://x.example/ann.ray " * 700, "xxxx'Ann Ray " * 1500])
def test_finds_in_one_text_are_not_compared_each_with_each(text, monkeypatch):
    asked = 0

    def counting(unpatched):
        def counted(spans, span):
            nonlocal asked
            asked += 1
            return unpatched(spans, span)

        return counted

    for name in ("include", "meet"):
        monkeypatch.setattr(Spans, name, counting(getattr(Spans, name)))
    found = _within_seconds(_known("Ann Ray", usernames={"ann.ray"}), text)
    assert len(found) >= 700
    assert asked <= 6 * len(found)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=12), st.integers(0, 30), st.integers(1, 9))
def test_stretches_answer_as_a_walk_over_all_of_them(given_spans, start, length):
    spans, all_of_them = Spans(), [(first, first + size) for first, size in given_spans]
    for span in all_of_them:
        spans.add(span)
    end = start + length
    for asked in (spans, Spans(all_of_them)):
        assert asked.include((start, end)) == any(a <= start and end <= b for a, b in all_of_them)
        assert asked.meet((start, end)) == any(a < end and start < b for a, b in all_of_them)


@pytest.mark.parametrize("name", [". .", "- -", "* *", "1 2", "& 7", "… …"])
def test_name_without_letters_is_never_rewritten_unasked(name):
    text = f"well... - - * * in 1 2 or & 7 … … {name}"
    rewritten, listed = _judged(_known(name), text)
    assert rewritten == text
    assert name in listed
