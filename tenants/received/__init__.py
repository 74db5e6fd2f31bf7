"""Data of members that came from vendors: labelled with its source, and there only as long as what lets it in holds."""
