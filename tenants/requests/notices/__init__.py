"""The texts of mails about requests: the first line is the subject, the rest after an empty line the body (Jinja)."""
