"""The texts of mails: the first line is the subject, the rest after an empty line the body (Jinja)."""
