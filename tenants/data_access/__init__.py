"""Who looked at or changed whose data, for the person concerned and for the auditor (requirement F6)."""
