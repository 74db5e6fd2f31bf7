"""One run of a plan: contexts, fetching, rendering, errors, and the events of subscriptions."""
