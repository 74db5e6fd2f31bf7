"""Members of an organisation: who they are, what each caller may see of them, their roles and states."""
