"""Groups inside an organisation, with members, owners and admins (requirement A3)."""
