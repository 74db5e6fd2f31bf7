"""The API of installations: which integrations there are, and which are installed."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.installations.group_rules import GroupRuleRecipients
from wardship.graphql.installations.model import load_installation
from wardship.graphql.installations.mutations import InstallationMutations
from wardship.graphql.installations.queries import InstallationQueries
from wardship.graphql.installations.subscriptions import InstallationSubscriptions


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(InstallationQueries,),
        mutations=(InstallationMutations,),
        extensions=(GroupRuleRecipients,),
        subscriptions=(InstallationSubscriptions,),
        node_loaders={"Installation": load_installation},
    )
