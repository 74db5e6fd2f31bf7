"""The pages that mailed links lead to: forms without scripts, for whoever has no console at hand."""
