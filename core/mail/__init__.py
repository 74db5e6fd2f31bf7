"""Mail: queued and sealed in the transaction that causes it, sent after it."""

from __future__ import annotations

from wardship.core.mail.delivery import deliver_due, forget_account_mail, forget_mail, forget_organisation_mail
from wardship.core.mail.folder import written_mail
from wardship.core.mail.queue import QueuedMail, queue_mail, queue_mails
from wardship.core.mail.smtp import mail_fault
from wardship.core.mail.text import MailText, render

__all__ = [
    "MailText",
    "QueuedMail",
    "deliver_due",
    "forget_account_mail",
    "forget_mail",
    "forget_organisation_mail",
    "mail_fault",
    "queue_mail",
    "queue_mails",
    "render",
    "written_mail",
]
