"""Runs the conformance kit on one integration and returns its report."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Final

import structlog
from structlog.typing import EventDict, WrappedLogger

from wardship.plugins.host.registry import LoadedIntegration
from wardship.plugins.host.settings import InvalidSettingsError, SplitSettings, split_settings
from wardship.plugins.kit.bench import Bench
from wardship.plugins.kit.findings import Findings, KitSetupError
from wardship.plugins.kit.judging import EVERY_CALL
from wardship.plugins.kit.remote.fetching import RemoteTarget
from wardship.plugins.kit.report import Report
from wardship.plugins.kit.rules import RULES
from wardship.plugins.kit.scenarios import batches, endings, faulty, life, proofs, reasons, remote
from wardship.plugins.kit.scenarios.declaration import judge_declaration, judge_hooks, judge_served
from wardship.plugins.kit.seen import Seen
from wardship.plugins.kit.stage import HaltedError, Stage
from wardship.plugins.kit.target import Settings, Target, Values, find_target
from wardship.plugins.kit.vendor_access import split_access

Scenario = Callable[[Stage], Awaitable[None]]

_LIFE: Final[tuple[Scenario, ...]] = (
    life.check,
    life.grant,
    life.sharing,
    batches.whole,
    life.restricting,
    life.granting_less,
    life.comparing,
    life.out_of_order,
    reasons.causes,
    reasons.objecting,
    life.receiving,
    proofs.erasing,
    proofs.out_of_step,
    faulty.outages,
    faulty.lost_answers,
    faulty.silence,
    endings.clearing,
)
_REMOTE_LIFE: Final[tuple[Scenario, ...]] = (
    life.check,
    life.grant,
    remote.newer,
    life.sharing,
    remote.strangers,
    remote.repetitions,
    batches.whole,
    life.restricting,
    life.comparing,
    life.out_of_order,
    reasons.causes,
    reasons.objecting,
    proofs.erasing,
    faulty.lost_answers,
    endings.clearing,
)
_END: Final[tuple[Scenario, ...]] = (life.check, endings.revoking)


def check_conformance(target: object, settings: Settings = None, exempt: Mapping[str, str] | None = None) -> Report:
    """Run every rule that can be run, and return what became of each.

    Args:
        target: a module or object with the three hooks, or what names one (``find_target``).
        settings: all settings as an administrator would enter them, secrets included, of an account made for tests;
            or what runs a server and returns them, as a context manager. Without any only the declaration is judged.
        exempt: by the name of a rule the reason why it need not be kept.

    Raises:
        KitSetupError: there is no such plugin, the settings do not fit its form, or an exemption is not right.
    """
    found = find_target(target)
    found.require_signing()
    loaded, findings = found.load(), Findings()
    findings.verdicts(exempt or {})
    why = f"it can't be loaded: {loaded.reason}"
    findings.judge("loads", "", is_kept=loaded.manifest is not None, why=why)
    with quiet():
        if loaded.manifest is None:
            findings.hinder(why, *RULES)
        else:
            judge_served(found, findings)
            judge_hooks(found.plugin, loaded, findings)
            _run(found, loaded, settings if settings is not None else found.settings, findings)
    version = loaded.manifest.version if loaded.manifest else ""
    return Report(loaded.key, version, findings.verdicts(exempt or {}))


def _run(found: Target, loaded: LoadedIntegration, settings: Settings, findings: Findings) -> None:
    if settings is None:
        findings.hinder("no settings were given: there is no vendor to ask", *RULES)
        judge_declaration(Bench(loaded, SplitSettings({}, {}), found.remote), findings)
        return
    calls: tuple[Seen, ...] = ()
    for scenarios in (_LIFE if found.remote is None else _REMOTE_LIFE, _END):
        with opened(settings) as values:
            bench = make_bench(loaded, values, found.remote)
            judge_declaration(bench, findings)
            bench.earlier = calls
            if not asyncio.run(_played(Stage(bench, findings), scenarios)):
                return
            calls = tuple(bench.calls)


async def _played(stage: Stage, scenarios: tuple[Scenario, ...]) -> bool:
    """Play one scenario after the other; tell whether all came to their end: rules for every call need that."""
    with stage.bench.running():
        try:
            for scenario in scenarios:
                await scenario(stage)
        except HaltedError as error:
            stage.findings.hinder(str(error), *RULES)
            return False
    part = "end" if scenarios is _END else "life"
    for rule in EVERY_CALL:
        stage.findings.need(rule, "life", "end")
        stage.findings.hold(rule, part)
    remote.judge_own_calls(stage.bench, stage.findings)
    if scenarios is _END and stage.bench.remote is None:
        endings.judge_use(stage)
    elif scenarios is _END:
        remote.judge_silence(stage.bench, stage.findings)
    return True


@contextmanager
def opened(settings: Settings) -> Iterator[Values]:
    """Yield the settings; where they are of a server that is run for it, until the context ends.

    Raises:
        KitSetupError: the server does not start, or its settings are no dictionary.
    """
    with ExitStack() as stack:
        values: object = settings
        if callable(settings):
            try:
                values = stack.enter_context(settings())
            except Exception as error:
                raise KitSetupError(f"the server for tests did not start: {type(error).__name__}: {error}") from error
        if not isinstance(values, dict):
            raise KitSetupError(f"settings are a dictionary of all fields, not {type(values).__name__}")
        yield values


def make_bench(loaded: LoadedIntegration, values: Values, served: RemoteTarget | None = None) -> Bench:
    """Return the host for one integration; ``served`` where its vendor serves it.

    Raises:
        KitSetupError: the settings do not fit its form, or tokens are missing.
    """
    manifest, _ = loaded.declaration
    form, access = split_access(manifest, values)
    try:
        return Bench(loaded, split_settings(manifest.settings, form), served, access)
    except InvalidSettingsError as error:
        raise KitSetupError(f"the settings do not fit the form of {loaded.key}: {error.message}") from None


def _dropped(_logger: WrappedLogger, _method: str, _event: EventDict) -> EventDict:
    raise structlog.DropEvent


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the host's log out of the way: faults are put in by the hundred, and each would be told."""
    before = structlog.get_config()
    level = logging.root.manager.disable
    structlog.configure(processors=[_dropped])
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        structlog.configure(**before)
        logging.disable(level)
