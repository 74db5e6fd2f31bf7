"""The letter that carries an invitation."""

from __future__ import annotations

from datetime import datetime

from wardship.core.mail import MailText, queue_mail
from wardship.tenants.access import Access


async def queue_invitation_mail(
    access: Access, *, recipient: str, organisation: str, token: str, expires_at: datetime
) -> None:
    """Queue the letter in this transaction; it is sent after the commit."""
    link = f"{access.services.settings.public_url}/invitations/{token}"
    body = (
        f"{organisation} invites you to join it on Wardship.\n\n"
        f"Open this link, sign in with this e-mail address (or register it), and accept:\n\n{link}\n\n"
        f"The invitation is for this address only and ends on {expires_at:%d %B %Y, %H:%M} UTC.\n"
        "If you do not expect it, do nothing.\n"
    )
    text = MailText(f"Invitation to {organisation}", body)
    await queue_mail(access.transaction, None, recipient, text, at=access.now)
