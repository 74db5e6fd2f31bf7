"""Texts that mention a person, made piece by piece, so that it is known where each mention stands.

A slow oracle: it finds nothing, it remembers what it placed. It shares no code with the product, and nothing of the
library but ``unicodedata``.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

# Script: first names, last names, words that are in none of them, what stands between two words.
SCRIPTS = {
    "latin": (["Annika", "Zoë", "Émile"], ["Rayburn", "Ångström", "Strauß"], ["meeting", "für", "naïve", "plan"], " "),
    "turkish": (["İsmail", "Işıl"], ["Şıkoğlu", "Çelikten"], ["toplantı", "için", "rapor"], " "),
    "vietnamese": (["Nguyệt", "Đăng"], ["Trần", "Phượng"], ["cuộc", "họp", "báo"], " "),
    "greek": (["Άννα", "Νίκος"], ["Παππάς", "Σίμου"], ["σχέδιο", "έκθεση", "ομάδα"], " "),
    "cyrillic": (["Анна", "Йосиф"], ["Рэйнова", "Щёголев"], ["отчёт", "встреча", "план"], " "),
    "armenian": (["Աննա", "Գևորգ"], ["Րեյյան", "Սարգսեան"], ["հանդիպում", "ծրագիր"], " "),
    "georgian": (["ანა", "გიორგი"], ["რეიძე", "ბერიძე"], ["შეხვედრა", "გეგმა"], " "),
    "hebrew": (["חנה", "יוסף"], ["ריימן", "כהנוב"], ["פגישה", "תוכנית"], " "),
    "arabic": (["ليلى", "أحمد"], ["الراوي", "منصوري"], ["اجتماع", "تقرير"], " "),
    "devanagari": (["अनीता", "राघव"], ["शर्मा", "क्षेत्री"], ["बैठक", "योजना"], " "),
    "tamil": (["அனிதா", "கவின்"], ["ராமன்", "செல்வி"], ["கூட்டம்", "திட்டம்"], " "),
    "sinhala": (["අනුලා", "ශ්‍රීමත්"], ["පෙරේරා", "සිල්වා"], ["රැස්වීම", "සැලැස්ම"], " "),
    "ethiopic": (["ሰላማዊት", "ዳዊት"], ["ገብረማርያም", "ተስፋዬ"], ["ስብሰባ", "ዕቅድ"], " "),
    "thai": (["สมหญิง", "วิชัย"], ["รักไทย", "ทองคำ"], ["ประชุม", "แผนงาน"], ""),
    "han": (["小明", "思远"], ["王", "欧阳"], ["我们", "开会", "报告"], ""),
    "kana": (["タロウ", "ハナコ"], ["ヤマモト", "サトウ"], ["かいぎ", "けいかく"], ""),
    "hangul": (["민수", "서연"], ["김", "박"], ["회의", "계획"], " "),
}
INVISIBLE = "\u200b\u00ad\u2060\ufeff"
WORD_NAMES = ["Will", "Art", "Mark", "Rose", "Grace", "Frank", "Hope", "Deniz", "Ernst", "Blanca"]
WORDS = [
    "we",
    "meet",
    "on",
    "the",
    "plan",
    "and",
    "see",
    "what",
    "can",
    "be",
    "done",
    "about",
    "it",
    "in",
    "the",
    "state",
    "of",
    "things",
    "before",
    "noon",
    "with",
    "every",
    "team",
]
WITHOUT_SPACES = {"thai", "han", "kana"}


@dataclass
class Person:
    """Somebody who is sought."""

    script: str
    first: str
    last: str
    username: str
    local: str
    number: str

    @property
    def name(self) -> str:
        joined = self.script in {"han", "kana", "hangul"}
        return f"{self.last}{self.first}" if joined else f"{self.first} {self.last}"


@dataclass
class Made:
    """A text, with what it must become unasked, and where something must be asked about."""

    text: str = ""
    expected: str = ""
    doubtful: list[tuple[int, int]] = field(default_factory=list)

    def plain(self, text: str) -> None:
        self.text += text
        self.expected += text

    def sure(self, text: str) -> None:
        self.text += text
        self.expected += "#"

    def doubt(self, text: str) -> None:
        self.doubtful.append((len(self.text), len(self.text) + len(text)))
        self.plain(text)


def make_person(random) -> Person:
    script = random.choice(sorted(SCRIPTS))
    firsts, lasts, _, _ = SCRIPTS[script]
    number = "".join(random.choice("23456789") for _ in range(6))
    return Person(
        script, random.choice(firsts), random.choice(lasts), f"user_{number}", f"person.{number}", f"30 {number}"
    )


def _filler(random, person: Person) -> str:
    words, gap = SCRIPTS[person.script][2:]
    return gap.join(random.choice(words) for _ in range(random.randint(1, 4)))


def _spelling(random, name: str) -> str:
    """Write a name in another of the ways that mean the same."""
    way = random.choice(["plain", "plain", "upper", "nfd", "nfc", "wide", "invisible", "space", "line"])
    if way == "upper":
        return name.upper()
    if way in {"nfd", "nfc"}:
        return unicodedata.normalize(way.upper(), name)
    if way == "wide":
        return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in name)
    if way == "invisible":
        place = random.randint(1, len(name) - 1)
        return name[:place] + random.choice(INVISIBLE) + name[place:]
    if " " in name:
        return name.replace(" ", {"space": "\u00a0", "line": "\n"}.get(way, " "))
    return name


def _contact(random, person: Person) -> str:
    number = person.number.replace(" ", random.choice(["", " ", "-", "/"]))
    return random.choice(
        [
            f"{person.local}@bücher.example",
            f"{person.local.upper()}@BÜCHER.EXAMPLE",
            f"{person.local}+news@xn--bcher-kva.example",
            f"+49 {number}",
            f"0049{number}",
            f"+49 (0){number}",
            f"0{number}",
        ]
    )


def _decoy(random, person: Person) -> str:
    """Write what resembles the person and is not."""
    digits = person.number.replace(" ", "")
    letter = SCRIPTS[person.script][2][0][0]
    return random.choice(
        [
            f"x{person.local}@bücher.example",
            f"{person.local}@bücher.example.org",
            f"https://x.example/{digits[:3]}?q=plan",
            f"no. 10{digits}",
            f"{digits}00",
            "2024-01-15",
            "" if person.script in WITHOUT_SPACES | {"hangul"} else f"{letter}{person.first} {person.last}{letter}",
            f"x{person.username}",
            f"{person.username}x",
        ]
    )


def make_text(random, person: Person) -> Made:
    """Write prose with mentions, contacts and decoys."""
    made, gap = Made(), SCRIPTS[person.script][3]
    made.plain(_filler(random, person))
    for _ in range(random.randint(1, 3)):
        what = random.choice(["name", "name", "marked", "contact", "handle", "decoy", "doubt", "web"])
        if what == "name" and person.script not in WITHOUT_SPACES:
            made.plain(" ")
            made.sure(_spelling(random, person.name))
        elif what == "name":
            made.sure(_spelling(random, person.name))
        elif what == "marked":
            before, after = random.choice([("_", "_"), ("**", "**"), ('"', '"'), ("(", ")"), ("\u201e", "\u201c")])
            made.plain(f" {before}")
            made.sure(_spelling(random, person.name))
            made.plain(after)
        elif what == "contact":
            made.plain(" ")
            made.sure(_contact(random, person))
        elif what == "handle":
            made.plain(" @")
            made.sure(person.username)
        elif what == "decoy":
            made.plain(f" {_decoy(random, person)}")
        elif what == "doubt" and person.script in {"latin", "cyrillic", "greek", "armenian"}:
            made.plain(" ")
            made.doubt(person.first)
        elif what == "web":
            made.plain(" https://x.example/")
            made.doubt("".join(f"%{byte:02X}" for byte in person.name.encode()))
        made.plain(f"{random.choice([' ', ', ', ' – ', chr(10)])}{gap}{_filler(random, person)}")
    return made


def make_file_name(random, person: Person) -> Made:
    """Write the name of a file."""
    made = Made()
    words = [person.last, person.first] if person.script in {"han", "kana", "hangul"} else [person.first, person.last]
    made.plain(random.choice(["", "2024_", "CV-", "scan "]))
    made.sure(random.choice(["_", "-", " ", "%20"]).join(words))
    made.plain(random.choice([".pdf", "_CV.docx", " (1).txt", "-final.md"]))
    return made


def make_escaped(random, person: Person, kind: str) -> Made:
    """Write the same in JSON or HTML."""
    made, escape = Made(), {"json": _in_json, "html": _in_html}[kind]
    made.plain('{"a": ["' if kind == "json" else "<div><p>")
    made.plain(escape(random, _filler(random, person)) + " ")
    made.sure(escape(random, person.name))
    made.plain(" " + escape(random, f'"{_filler(random, person)}"\n'))
    made.plain('", 7]}' if kind == "json" else '</p><a href="https://x.example/p">x</a></div>')
    return made


def _in_json(random, text: str) -> str:
    is_ascii = random.random() < 0.5
    return "".join(_json_sign(sign, is_ascii=is_ascii) for sign in text)


def _json_sign(sign: str, *, is_ascii: bool) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    if sign == "\n":
        return "\\n"
    return f"\\u{ord(sign):04x}" if is_ascii and ord(sign) > 0x7F else sign


def _in_html(random, text: str) -> str:
    is_coded = random.random() < 0.5
    named = {"&": "&amp;", "<": "&lt;", '"': "&quot;"}
    return "".join(named.get(sign, f"&#{ord(sign)};" if is_coded and ord(sign) > 0x7F else sign) for sign in text)


def make_other(random, word: str) -> str:
    """Write a text that uses the word and means nobody."""
    words = [random.choice(WORDS) for _ in range(random.randint(4, 12))]
    way = random.choice(["small", "first", "after article", "none", "none", "title", "address"])
    small = word.lower()
    if way == "small":
        words.insert(random.randint(0, len(words)), small)
    elif way == "first":
        words.insert(0, small)
    elif way == "after article":
        words += ["the", word, "of", "things"]
    elif way == "title":
        words = [item.capitalize() for item in (*words, small)]
    elif way == "address":
        words.append(f"https://{small}.example/{word}/{small} {small}@{small}.example")
    text = " ".join(words)
    return text[0].upper() + text[1:] + "."
