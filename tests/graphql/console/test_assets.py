"""Assets are given in the coding that the client likes best, of those that the build wrote beside them."""

import gzip
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.edge import make_app
from wardship.core.settings import Settings
from wardship.graphql.console import built_console, console_routes
from wardship.graphql.console.encodings import chosen_encoding

CONTENT = b"export const answer = 42;\n" * 100
PACKED = "packed-Ab3_-xY9.js"
PLAIN = "plain-Ab3_-xY9.svg"
BROTLI = b"stands for Brotli"
SHORTEST = 1024


@pytest.fixture
def http(tmp_path: Path):
    assets = tmp_path / "assets"
    assets.mkdir()
    for page in ("index.html", "sign_in.html"):
        (tmp_path / page).write_text("<title>Wardship</title>")
    (assets / PACKED).write_bytes(CONTENT)
    (assets / f"{PACKED}.br").write_bytes(BROTLI)
    (assets / f"{PACKED}.gz").write_bytes(gzip.compress(CONTENT))
    (assets / PLAIN).write_bytes(b"<svg/>")
    with TestClient[Litestar](make_app(Settings(), console_routes(tmp_path))) as client:
        client.headers.pop("accept-encoding")
        yield client


def test_browser_gets_brotli(http):
    with http.stream(
        "GET", f"/console/assets/{PACKED}", headers={"Accept-Encoding": "gzip, deflate, br, zstd"}
    ) as answer:
        assert b"".join(answer.iter_raw()) == BROTLI
    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["content-length"] == str(len(BROTLI))
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["accept-ranges"] == "none"


def test_gzip_is_the_same_content(http):
    answer = http.get(f"/console/assets/{PACKED}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == CONTENT


def test_who_names_no_coding_gets_the_file_as_it_is_and_caches_know_that_it_varies(http):
    answer = http.get(f"/console/assets/{PACKED}", headers={"Accept-Encoding": ""})
    assert answer.content == CONTENT
    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding"


def test_file_that_was_not_compressed_does_not_vary(http):
    answer = http.get(f"/console/assets/{PLAIN}", headers={"Accept-Encoding": "br, gzip"})
    assert answer.content == b"<svg/>"
    assert "content-encoding" not in answer.headers
    assert "vary" not in answer.headers


def test_each_coding_has_a_tag_of_its_own_and_only_the_same_one_is_known(http):
    tags = {}
    for coding in ("br", "gzip", "identity"):
        with http.stream("GET", f"/console/assets/{PACKED}", headers={"Accept-Encoding": coding}) as answer:
            tags[coding] = answer.headers["etag"]
    assert len(set(tags.values())) == 3
    for coding, tag in tags.items():
        headers = {"Accept-Encoding": coding, "If-None-Match": f'"another", {tag}'}
        known = http.get(f"/console/assets/{PACKED}", headers=headers)
        assert (known.status_code, known.content) == (304, b"")
        assert known.headers["etag"] == tag
        assert known.headers["vary"] == "Accept-Encoding"
        assert known.headers["cache-control"] == "public, max-age=31536000, immutable"
    unknown = http.get(
        f"/console/assets/{PACKED}", headers={"Accept-Encoding": "gzip", "If-None-Match": tags["identity"]}
    )
    assert unknown.status_code == 200


def test_part_of_a_file_is_not_given(http):
    answer = http.get(f"/console/assets/{PACKED}", headers={"Range": "bytes=0-3", "Accept-Encoding": "identity"})
    assert (answer.status_code, answer.content) == (200, CONTENT)


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        (None, "identity"),
        ("", "identity"),
        ("br", "br"),
        ("BR", "br"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, br", "br"),
        ("gzip;q=1.0, br;q=0.9", "gzip"),
        ("gzip;q=0.5, br;q=0.5", "br"),
        ("gzip ; q=0.5 , br ; q=0.8", "br"),
        ("*", "br"),
        ("*;q=0.5, br;q=0", "gzip"),
        ("br;q=0, gzip;q=0", "identity"),
        ("br;q=0", "identity"),
        ("identity", "identity"),
        ("identity;q=0.5, gzip;q=0.4", "identity"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("identity;q=0", "identity"),
        ("*;q=0", "identity"),
        ("deflate, zstd", "identity"),
        ("br;q=high", "identity"),
        ("br;q=nan, gzip", "gzip"),
        ("br;q=2, gzip", "gzip"),
        ("br;q=-1", "identity"),
        (", ,br", "br"),
        ("br;level=11;q=0.1, gzip;q=0.2", "gzip"),
        ("br" * 5000, "identity"),
    ],
)
def test_coding_is_the_one_that_the_client_likes_best(accept, coding):
    assert chosen_encoding(accept, {"br", "gzip"}) == coding


def test_only_what_is_there_is_chosen():
    assert chosen_encoding("br, gzip", {"gzip"}) == "gzip"
    assert chosen_encoding("br, gzip", ()) == "identity"


def test_build_wrote_every_longer_text_in_both_codings():
    files = {path.name: path for path in (built_console() / "assets").iterdir()}
    assert files, "the console has not been built: run `make console`"
    longer = [
        name for name, path in files.items() if path.suffix in {".js", ".css"} and path.stat().st_size >= SHORTEST
    ]
    assert longer
    for name in longer:
        assert gzip.decompress(files[f"{name}.gz"].read_bytes()) == files[name].read_bytes()
        assert files[f"{name}.br"].stat().st_size < files[f"{name}.gz"].stat().st_size
