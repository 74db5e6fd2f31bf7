"""Mail: queued in the transaction that causes it, sent after it."""

from __future__ import annotations

from wardship.core.mail.delivery import deliver_due, forget_mail, written_mail
from wardship.core.mail.queue import queue_mail
from wardship.core.mail.text import MailText, render

__all__ = ["MailText", "deliver_due", "forget_mail", "queue_mail", "render", "written_mail"]
