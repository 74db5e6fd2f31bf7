"""What the noun `fulfilment` registers."""

from wardship.core.nouns import hookimpl
from wardship.tenants.access import Sweeps
from wardship.tenants.fulfilment.closed_accounts import erase_closed_accounts
from wardship.tenants.fulfilment.due import do_due_requests, erase_customers_without_account, erase_due_remainders


@hookimpl
def wardship_sweeps() -> Sweeps:
    """Return what does the due work on requests and on what erasures left: one statement each finds all of it."""
    return do_due_requests, erase_due_remainders, erase_closed_accounts, erase_customers_without_account
