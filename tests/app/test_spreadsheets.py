"""Files for spreadsheets: what was written is read again, and nothing of it is a formula."""

from __future__ import annotations

import csv
import io

import pytest

from wardship.app.spreadsheets import Spreadsheet, cell_text, harmless

ODD = [
    "",
    "plain",
    "two\nlines",
    'quoted "text"',
    "semi;colon, comma",
    "Straße İzmir 北京 🕰️",
    "\u202eright",
    "'apostrophe",
]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "  =", "＝", "＋", "－", "＠", "|", "%"])
def test_formula_becomes_a_text(start):
    text = f'{start}cmd|"/c calc"!A1'
    assert harmless(text) == f"'{text}"
    assert cell_text([text, "x"]) == f"'{text}; x"


@pytest.mark.parametrize("text", [*ODD, "a=b", "a-b", "ada@example.org", "1+1", "é", "(", '"=1"'])
def test_other_text_stays_as_it_is(text):
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (-5, "-5"),
        (1.5, "1.5"),
        ([], ""),
        (["a", "b"], "a; b"),
        ({"b": 1, "a": "ß"}, '{"a": "ß", "b": 1}'),
        ("-5", "'-5"),
    ],
)
def test_value_is_written_in_words(value, text):
    assert cell_text(value) == text


def test_file_is_csv_in_utf_8_with_a_mark_and_holds_what_was_written():
    sheet = Spreadsheet(["id", "name"])
    for number, text in enumerate(ODD):
        sheet.add([number, text])
    written = b"".join(sheet.parts())
    assert written.startswith(b'\xef\xbb\xbf"id","name"\r\n"0",""\r\n')
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert rows == [["id", "name"], *([str(number), text] for number, text in enumerate(ODD))]
    assert sheet.rows == len(ODD)


def test_long_file_comes_in_parts_of_bounded_length_and_is_let_go():
    sheet = Spreadsheet(["n"])
    for _ in range(20_000):
        sheet.add(["x" * 20])
    parts = list(sheet.parts())
    assert len(parts) > 5
    assert max(map(len, parts)) <= 65_536
    with pytest.raises(ValueError, match="closed"):
        list(sheet.parts())
