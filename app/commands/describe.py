"""Prints what is served, without a database: what `wardship schema` and `wardship openapi` do."""

from __future__ import annotations

import json

import click
from litestar import Litestar

from wardship.app.application import api_schema, openapi_configuration, routes
from wardship.app.commands.bootstrap import bootstrap
from wardship.app.deployment import make_services


def schema() -> None:
    """Print the GraphQL schema (SDL)."""
    click.echo(api_schema().as_str())


def openapi() -> None:
    """Print the OpenAPI description of the routes beside GraphQL, as JSON."""
    services = make_services(bootstrap())
    described = Litestar(routes(services), openapi_config=openapi_configuration(), logging_config=None)
    click.echo(json.dumps(described.openapi_schema.to_schema(), indent=2))
