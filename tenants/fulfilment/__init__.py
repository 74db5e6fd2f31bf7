"""Fulfilment: carrying out what was decided about requests, by the clock, until every obligation has ended."""
