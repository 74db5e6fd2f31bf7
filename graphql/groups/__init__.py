"""The API of groups."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.groups.model import MemberGroups, load_group
from wardship.graphql.groups.mutations import GroupMutations
from wardship.graphql.groups.queries import GroupQueries
from wardship.graphql.groups.rules import GroupRuleMutations, GroupRules


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(GroupQueries,),
        mutations=(GroupMutations, GroupRuleMutations),
        extensions=(MemberGroups, GroupRules),
        node_loaders={"Group": load_group},
    )
