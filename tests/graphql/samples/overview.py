"""A sample of the overview."""

from __future__ import annotations

from tests.graphql.sample import query

SAMPLES = [
    query(
        "overview",
        "{ overview { waiting { kind count late dueAt } obligations { state count late } setUp { step isDone } } }",
    ),
]
