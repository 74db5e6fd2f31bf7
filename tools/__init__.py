"""Programs that prepare and check a checkout; no part of the product, and in no wheel."""
