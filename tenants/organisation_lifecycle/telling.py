"""Tell the people of an organisation what becomes of it."""

from __future__ import annotations

from datetime import datetime

from wardship.tenants.access import Access


async def tell_suspended(here: Access, reason: str) -> None:
    """Tell everybody that nobody gets in for now, and that rights go on."""
    del here, reason


async def tell_resumed(here: Access) -> None:
    """Tell everybody that the organisation is as before."""
    del here


async def tell_closing(here: Access, reason: str, until: datetime) -> None:
    """Tell everybody when everything is erased, and the owner that it can be kept."""
    del here, reason, until


async def tell_reopened(here: Access) -> None:
    """Tell everybody that the organisation stays."""
    del here
