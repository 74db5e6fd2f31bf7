"""The API of the ledger: who received what of whom."""

from wardship.core.nouns import hookimpl
from wardship.graphql.api.nouns import ApiParts
from wardship.graphql.disclosures.model import InstallationDisclosures, InstallationHoldings, MemberHoldings
from wardship.graphql.disclosures.queries import DisclosureQueries
from wardship.graphql.disclosures.received import MemberReceivedData, ReceivedMutations
from wardship.graphql.disclosures.recipients import RecipientQueries
from wardship.tenants.egress.ledger import disclosure_by_id


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(DisclosureQueries, RecipientQueries),
        mutations=(ReceivedMutations,),
        extensions=(InstallationHoldings, InstallationDisclosures, MemberHoldings, MemberReceivedData),
        node_loaders={"Disclosure": lambda info, key: disclosure_by_id(info.context.access, key)},
    )
