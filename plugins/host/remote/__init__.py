"""Integrations that a vendor serves itself: a document at an address declares one, and signed messages speak to it.

It rests on the contract, so that whatever loads a plugin loads one of these: the host, and the kit.
"""

from wardship.plugins.host.remote.addresses import fault_of_address, place_of
from wardship.plugins.host.remote.answers import EndpointGoneError
from wardship.plugins.host.remote.connector import RemoteConnector
from wardship.plugins.host.remote.documents import (
    LARGEST_DOCUMENT,
    ManifestDocumentError,
    RemoteDocument,
    read_document,
)
from wardship.plugins.host.remote.plugin import RemotePlugin

__all__ = [
    "LARGEST_DOCUMENT",
    "EndpointGoneError",
    "ManifestDocumentError",
    "RemoteConnector",
    "RemoteDocument",
    "RemotePlugin",
    "fault_of_address",
    "place_of",
    "read_document",
]
