"""The host's side of the contract: finds integrations, calls them, and bounds the harm that one of them can do."""

from __future__ import annotations

from wardship.plugins.host.calls import Installed
from wardship.plugins.host.capability import ARGUMENTS, RESULTS, Doer, doer, instructions
from wardship.plugins.host.client import ClientLimits, Exchange
from wardship.plugins.host.crossing import UndeclaredDataError, require_declared
from wardship.plugins.host.declaration import SUPPORTED_CONTRACTS
from wardship.plugins.host.dispatch import Dispatcher, DispatchLimits, OversizedBatchError
from wardship.plugins.host.loading import LoadedIntegration, LoadState
from wardship.plugins.host.network import NetworkPolicy
from wardship.plugins.host.registry import IntegrationUnavailableError, Registry
from wardship.plugins.host.reply import Fault, Reply
from wardship.plugins.host.settings import (
    BuiltSettings,
    InvalidSettingsError,
    SplitSettings,
    build_settings,
    secret_names,
    split_settings,
)
from wardship.plugins.host.widening import Difference, Widening, WideningKind, compare

__all__ = [
    "ARGUMENTS",
    "RESULTS",
    "SUPPORTED_CONTRACTS",
    "BuiltSettings",
    "ClientLimits",
    "Difference",
    "DispatchLimits",
    "Dispatcher",
    "Doer",
    "Exchange",
    "Fault",
    "Installed",
    "IntegrationUnavailableError",
    "InvalidSettingsError",
    "LoadState",
    "LoadedIntegration",
    "NetworkPolicy",
    "OversizedBatchError",
    "Registry",
    "Reply",
    "SplitSettings",
    "UndeclaredDataError",
    "Widening",
    "WideningKind",
    "build_settings",
    "compare",
    "doer",
    "instructions",
    "require_declared",
    "secret_names",
    "split_settings",
]
