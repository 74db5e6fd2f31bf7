"""Every mutation can be done on a page, or there is a reason why it is not done there."""

import re
from pathlib import Path

from graphql import FieldNode, OperationDefinitionNode, OperationType, build_schema, parse

from wardship.graphql.console import built_console, read_documents

ROOT = Path(__file__).resolve().parents[3]
SOURCES = ROOT / "graphql" / "console" / "src"
COMMAND = "The provider's operators do it by `wardship organisation` and `wardship staff`, where the deployment runs."
PRODUCT = "It is written and shared in the application that people work in; the console shows it, deletes and restores."

OF_NO_PAGE = {
    "importMembers": "The page of the import sends its file to `/members/import`: it is longer than a document may be.",
    "verifyMyAddress": "The mailed link leads to a page of the sign-in, which works before somebody is signed in.",
    "createPost": PRODUCT,
    "editPost": PRODUCT,
    "shareFile": PRODUCT,
    "createOrganisation": COMMAND,
    "suspendOrganisation": COMMAND,
    "resumeOrganisation": COMMAND,
    "closeOrganisation": COMMAND,
    "reopenOrganisation": COMMAND,
    "completeClosingTask": COMMAND,
    "addStaff": COMMAND,
    "removeStaff": COMMAND,
}


def mutations() -> set[str]:
    schema = build_schema((ROOT / "schema.graphql").read_text("utf-8"))
    return set(schema.mutation_type.fields)


def done_on_pages() -> set[str]:
    """Return the mutations of the documents that the built console may send."""
    found = set()
    for text in read_documents(built_console()).values():
        for definition in parse(text).definitions:
            if isinstance(definition, OperationDefinitionNode) and definition.operation is OperationType.MUTATION:
                found |= {
                    field.name.value for field in definition.selection_set.selections if isinstance(field, FieldNode)
                }
    return found


def test_every_mutation_is_done_on_a_page_or_says_why_not():
    assert sorted(mutations() - done_on_pages() - OF_NO_PAGE.keys()) == []
    assert sorted(OF_NO_PAGE.keys() - mutations()) == []


def test_every_document_is_used_by_a_page():
    """Else a mutation would count as done on a page that does not send it."""
    declared = re.compile(r"^export const (\w+) = graphql\(", re.MULTILINE)
    texts = {path: path.read_text("utf-8") for path in SOURCES.rglob("*.ts*")}
    documents = {
        name: path for path, text in texts.items() if path.name == "documents.ts" for name in declared.findall(text)
    }
    used = {name for path, text in texts.items() for name in re.findall(r"\b[A-Z]\w+\b", _used(path, text))}
    assert sorted(documents.keys() - used) == []


def _used(path: Path, text: str) -> str:
    """Return where names are used: in a page, or in another document, but not where they are imported or declared."""
    without_imports = re.sub(r"^import [^;]*;$", "", text, flags=re.MULTILINE)
    return (
        re.sub(r"^export const \w+ =", "", without_imports, flags=re.MULTILINE)
        if path.name == "documents.ts"
        else without_imports
    )
