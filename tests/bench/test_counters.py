"""What a server counts is read from its metrics."""

from __future__ import annotations

from bench.counters import parse_metrics

TEXT = """# HELP wardship_graphql_plans Plans.
# TYPE wardship_graphql_plans gauge
wardship_graphql_plans 1000.0
wardship_graphql_refused_total{code="COST_LIMIT"} 3.0
wardship_graphql_plan_bytes 1.5e+06
"""


def test_samples_without_labels_are_read_by_name():
    assert parse_metrics(TEXT) == {"wardship_graphql_plans": 1000.0, "wardship_graphql_plan_bytes": 1_500_000.0}
