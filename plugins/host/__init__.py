"""The host's side of the contract: finds integrations, calls them, and bounds the harm that one of them can do."""

from __future__ import annotations

from wardship.plugins.host.call import ARGUMENTS, RESULTS, DispatchLimits, Doer, Installed, doer, instructions
from wardship.plugins.host.client import ClientLimits, Exchange, NetworkPolicy
from wardship.plugins.host.data_guards import UndeclaredDataError, require_declared
from wardship.plugins.host.declaration import SUPPORTED_CONTRACTS
from wardship.plugins.host.declaration_diff import Difference, DifferenceKind, compare_declarations
from wardship.plugins.host.dispatch import Dispatcher, OversizedBatchError
from wardship.plugins.host.registry import IntegrationUnavailableError, LoadedIntegration, LoadState, Registry
from wardship.plugins.host.reply import Fault, Reply
from wardship.plugins.host.settings import (
    BuiltSettings,
    InvalidSettingsError,
    SplitSettings,
    build_settings,
    secret_names,
    split_settings,
)

__all__ = [
    "ARGUMENTS",
    "RESULTS",
    "SUPPORTED_CONTRACTS",
    "BuiltSettings",
    "ClientLimits",
    "Difference",
    "DifferenceKind",
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
    "build_settings",
    "compare_declarations",
    "doer",
    "instructions",
    "require_declared",
    "secret_names",
    "split_settings",
]
