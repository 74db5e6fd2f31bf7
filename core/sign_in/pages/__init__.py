"""The pages that mailed links lead to: forms without scripts, for people without the console."""
