"""The texts of mails that hold several notices."""
