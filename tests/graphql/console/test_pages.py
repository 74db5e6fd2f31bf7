import re
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.edge import make_app
from wardship.core.settings import Settings
from wardship.graphql.console import built_console, console_routes

DIGEST = "Ab3_-xY9"
FILES = {
    "index.html": '<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__"><title>Wardship</title>',
    "sign_in.html": '<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__"><title>Sign in</title>',
    "explorer.html": "<!doctype html><title>Explorer</title>",
    "licences.md": "MIT",
    f"assets/explorer-{DIGEST}.js": "export {};",
    f"assets/explorer-{DIGEST}.css": "body {}",
    f"assets/codicon-{DIGEST}.ttf": "font",
    f"assets/icon-{DIGEST}.svg": "<svg/>",
}
# What makes a browser load something, with an address of another origin in it.
ELSEWHERE = re.compile(
    r"""(?:\b(?:src|href)\s*=\s*["']?|url\(\s*["']?|@import\s+["']|\bimport\s*\(\s*["'`]|\bfrom\s*["']"""
    r"""|importScripts\(\s*["'`]|new\s+(?:Shared)?Worker\(\s*["'`]|\bfetch\(\s*["'`])(?:https?:)?//[^"'`)\s]+"""
)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "console" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "console" / "assets" / f"packed-{DIGEST}.js.br").write_text("secret")
    (tmp_path / "console" / "assets" / f"packed-{DIGEST}.js.gz").write_text("secret")
    (tmp_path / "secret.js").write_text("secret")
    return tmp_path / "console"


def client(assets: Path) -> TestClient[Litestar]:
    return TestClient(make_app(Settings(), console_routes(assets)))


def directives(policy: str) -> dict[str, str]:
    return {name: values for name, _, values in (part.strip().partition(" ") for part in policy.split(";"))}


LOCKED = {
    "default-src": "'none'",
    "script-src": "'self'",
    "connect-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "img-src": "'self' data:",
}
SIGN_IN = ["/console", "/console/", "/console?lang=de"]
OF_THE_APPLICATION = [
    "/console/o/acme",
    "/console/o/acme/members/import",
    "/console/o/b%C3%BCro/requests/%2e%2e%2fx",
    "/console/privacy",
    "/console/privacy/queue",
    "/console/certificate",
    "/console/o/acme/audit?actor=%3Cscript%3E",
    "/console/nothing.js",
    "/console/index.html",
    "/console/sign_in.html",
    "/console/o/acme/x%00",
]


@pytest.mark.parametrize(
    ("path", "title"),
    [*((path, "Sign in") for path in SIGN_IN), *((path, "Wardship") for path in OF_THE_APPLICATION)],
)
def test_address_that_is_no_asset_and_not_the_explorer_is_the_sign_ins_or_the_applications(built, path, title):
    with client(built) as http:
        answer = http.get(path)
    assert answer.status_code == 200
    assert f"<title>{title}</title>" in answer.text
    assert "script>" not in answer.text  # nothing of the address stands in the page
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = directives(answer.headers["content-security-policy"])
    nonce = re.fullmatch(r"'self' 'nonce-([A-Za-z0-9_-]{24})'", policy["style-src"])
    assert nonce
    assert f'nonce="{nonce[1]}"' in answer.text
    assert policy == {
        **LOCKED,
        "style-src": policy["style-src"],
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


def test_each_answer_has_a_nonce_of_its_own_and_is_kept_nowhere(built):
    with client(built) as http:
        answers = [http.get("/console/o/acme") for _ in range(20)]
    assert len({answer.text for answer in answers}) == 20
    assert len({answer.headers["content-security-policy"] for answer in answers}) == 20
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    assert not any("etag" in answer.headers or "last-modified" in answer.headers for answer in answers)


def test_explorer_is_served_under_its_policy(built):
    with client(built) as http:
        answer = http.get("/console/explorer")
    assert answer.status_code == 200
    assert "<title>Explorer</title>" in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert directives(answer.headers["content-security-policy"]) == {
        **LOCKED,
        "style-src": "'self' 'unsafe-inline'",
        "font-src": "'self' data:",
        "worker-src": "'self'",
    }


def test_closed_explorer_says_so_and_leads_to_the_console(built):
    with TestClient(make_app(Settings(), console_routes(built, has_explorer=False))) as http:
        answer = http.get("/console/explorer")
        assert answer.status_code == 403
        assert "The explorer is closed here" in answer.text
        assert '<a href="/console">' in answer.text
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert http.get("/console/o/acme").status_code == 200


@pytest.mark.parametrize(
    ("suffix", "name", "media_type"),
    [
        ("js", "explorer", "text/javascript; charset=utf-8"),
        ("css", "explorer", "text/css; charset=utf-8"),
        ("ttf", "codicon", "font/ttf"),
        ("svg", "icon", "image/svg+xml"),
    ],
)
def test_asset_is_kept_for_ever_because_its_name_holds_its_digest(built, suffix, name, media_type):
    with client(built) as http:
        answer = http.get(f"/console/assets/{name}-{DIGEST}.{suffix}")
    assert answer.status_code == 200
    assert answer.text == FILES[f"assets/{name}-{DIGEST}.{suffix}"]
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "script-src 'self';" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "absent.js",
        "..%2findex.html",
        "..%2f..%2fsecret.js",
        "%2e%2e/%2e%2e/secret.js",
        "../../secret.js",
        "..%5c..%5csecret.js",
        "explorer-Ab3_-xY9.js%00",
        "deeper/explorer-Ab3_-xY9.js",
        f"packed-{DIGEST}.js.br",
        f"packed-{DIGEST}.js.gz",
        "",
    ],
)
def test_nothing_but_assets_is_served(built, path):
    with client(built) as http:
        answer = http.get(f"/console/assets/{path}")
    assert answer.status_code in {400, 404}
    assert "secret" not in answer.text.replace("secret.js", "")
    assert "Wardship" not in answer.text


@pytest.mark.parametrize("path", ["/console", "/console/explorer", "/console/o/acme/members"])
def test_unbuilt_console_says_how_to_build_it(tmp_path, path):
    with client(tmp_path / "absent") as http:
        answer = http.get(path)
    assert answer.status_code == 503
    assert "<code>make console</code>" in answer.text
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_bare_address_leads_to_the_console(built):
    with client(built) as http:
        answer = http.get("/", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (302, "/console")
        assert "<title>Sign in</title>" in http.get("/").text


def built_files(*suffixes: str) -> list[Path]:
    files = [path for path in built_console().rglob("*") if path.suffix in suffixes]
    assert files, "the console has not been built: run `make console`"
    return files


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example/x.js">',
        "@import 'https://fonts.example/x.css'",
        "url(//fonts.example/x.woff)",
        'import("https://cdn.example/x.js")',
        "new Worker('https://cdn.example/x.js')",
    ],
)
def test_loading_from_elsewhere_is_recognised(text):
    assert ELSEWHERE.search(text)


def test_built_console_loads_nothing_from_elsewhere():
    found = {
        f"{path.name}: {match.group(0)}"
        for path in built_files(".html", ".css", ".js", ".svg")
        for match in ELSEWHERE.finditer(path.read_text("utf-8"))
    }
    assert found == set()


def test_built_pages_hold_no_inline_script():
    for page in built_files(".html"):
        scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page.read_text("utf-8"), re.DOTALL)
        assert scripts
        assert all("src=" in attributes and not body.strip() for attributes, body in scripts)


@pytest.mark.parametrize("name", ["index.html", "sign_in.html"])
def test_page_says_which_layer_of_styles_wins_before_any_is_read(name):
    head, _, styles = (built_console() / name).read_text("utf-8").partition('rel="stylesheet"')
    assert '<style nonce="__CSP_NONCE__">@layer reset,base,components,pages;</style>' in head
    assert styles


def test_licences_of_what_is_bundled_go_with_it():
    licences = (built_console() / "licences.md").read_text("utf-8")
    for name in ("graphiql", "monaco-editor", "react-dom", "graphql"):
        assert re.search(rf"^## {re.escape(name)}\b", licences, re.MULTILINE), name
