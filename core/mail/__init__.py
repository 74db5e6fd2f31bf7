"""Mail: queued in the transaction that causes it, sent after it."""

from __future__ import annotations

from wardship.core.mail.delivery import deliver_due, forget_account_mail, forget_mail, mail_fault, written_mail
from wardship.core.mail.queue import MailText, queue_mail, render

__all__ = [
    "MailText",
    "deliver_due",
    "forget_account_mail",
    "forget_mail",
    "mail_fault",
    "queue_mail",
    "render",
    "written_mail",
]
