"""The API of the caller's own account, and of recoveries."""

from wardship.core.nouns import hookimpl
from wardship.graphql.accounts.model import ViewerAccount
from wardship.graphql.accounts.mutations import AccountMutations
from wardship.graphql.accounts.preferences import PreferenceMutations, ViewerPreferences
from wardship.graphql.accounts.recoveries import AccountWithRecovery, RecoveryMutations, RecoveryQueries
from wardship.graphql.api.nouns import ApiParts


@hookimpl
def wardship_api() -> ApiParts:
    """Return its part of the API."""
    return ApiParts(
        queries=(RecoveryQueries,),
        mutations=(AccountMutations, PreferenceMutations, RecoveryMutations),
        extensions=(ViewerAccount, ViewerPreferences, AccountWithRecovery),
    )
