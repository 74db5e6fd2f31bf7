"""The API of obligations: what is and was owed at installations."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.obligations.model import InstallationObligations, load_obligation
from wardship.graphql.obligations.queries import ObligationQueries


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(ObligationQueries,),
        extensions=(InstallationObligations,),
        node_loaders={"Obligation": load_obligation},
    )
