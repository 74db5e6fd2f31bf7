"""Make a batch of leases ready to be called: through the gate where records go out, ended where nothing is to be done.

All of it in one transaction, committed right before the calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from wardship.core.keys import UnreadableSecretError
from wardship.plugins.api import Verb
from wardship.plugins.host import Doer, Fault, Installed, LoadState, doer
from wardship.plugins.host.reply import failure
from wardship.tenants.access import Access
from wardship.tenants.installations.records import InstallationRecord, InstallationState, find_installations
from wardship.tenants.installations.secrets import installed
from wardship.tenants.installations.states import move
from wardship.tenants.obligations.argue import argue
from wardship.tenants.obligations.decisions import DUTIES, Next
from wardship.tenants.obligations.deliver import deliver
from wardship.tenants.obligations.leased import Batch, Leased, read_leases
from wardship.tenants.obligations.settle import end_uncalled, hand_over_uncalled, settle
from wardship.tenants.obligations.work import Work

_S = InstallationState


async def prepare(access: Access, batch: Batch) -> list[Work]:
    """Return the calls of a batch; what needs none is settled here."""
    leases = await read_leases(access, batch)
    installation = (await find_installations(access, [batch.installation_id])).get(batch.installation_id)
    if installation is None or not leases:
        return []
    if access.services.integrations.get(installation.integration_key).state is not LoadState.LOADED:
        await _without_package(access, installation, leases)
        return []
    try:
        connection = await installed(access, installation)
    except UnreadableSecretError as error:
        await _without_secrets(access, installation, leases, error)
        return []
    # From here on nothing about the installation can change before the ledger is committed.
    installation = (await find_installations(access, [installation.id], lock="for share"))[installation.id]
    delivering = [leased for leased in leases if _delivers(leased)]
    others = [leased for leased in leases if not _delivers(leased)]
    works = await deliver(access, installation, connection, delivering) if delivering else []
    for leased in others:
        work = await _prepared(access, installation, connection, leased)
        works += [work] if work else []
    return works


def _delivers(leased: Leased) -> bool:
    """Return whether a record goes out with the call."""
    return leased.verb in {Verb.SHARE, Verb.CORRECT} or (leased.verb is Verb.RESTRICT and not leased.arguments.active)


async def _prepared(
    access: Access, installation: InstallationRecord, connection: Installed, leased: Leased
) -> Work | None:
    work = Work(leased=leased, installation=installation, installed=connection, verb=leased.verb)
    if doer(installation.manifest, leased.verb) is Doer.PERSON:
        await hand_over_uncalled(access, work, "needs_a_person")
        return None
    if leased.verb is Verb.ATTEST and await _is_shared_anew(access, leased):
        await end_uncalled(access, leased, "cancelled", "superseded")
        return None
    argued = await argue(access, work)
    if argued is None:
        await end_uncalled(access, leased, Next.COMPLETED, "nothing_was_shared")
    return argued


async def _is_shared_anew(access: Access, leased: Leased) -> bool:
    """Return whether the member's data has been shared again since the erasure that is to be proven.

    What the proof found would be taken for a remainder, and erased.
    """
    return bool(
        await access.transaction.fetchval(
            "select state = 'shared' from subject_link"
            " where organisation_id = $1 and installation_id = $2 and member_id = $3",
            access.organisation_id,
            leased.installation_id,
            leased.member_id,
        )
    )


async def _without_package(access: Access, installation: InstallationRecord, leases: Sequence[Leased]) -> None:
    """Give what is owed to people, and drop the rest: it is made anew when the package is back."""
    connection = Installed(id=str(installation.id), integration=installation.integration_key)
    for leased in leases:
        if leased.verb in DUTIES:
            work = Work(leased=leased, installation=installation, installed=connection, verb=leased.verb)
            await hand_over_uncalled(access, work, "not_loaded")
        else:
            await end_uncalled(access, leased, "cancelled", "not_loaded")
    await _note_missing(access, installation.id)


async def _without_secrets(
    access: Access, installation: InstallationRecord, leases: Sequence[Leased], error: UnreadableSecretError
) -> None:
    """Let what is owed wait for an administrator who enters the secrets anew."""
    connection = Installed(id=str(installation.id), integration=installation.integration_key)
    for leased in leases:
        work = Work(leased=leased, installation=installation, installed=connection, verb=leased.verb)
        await settle(access, work, failure(leased.verb, Fault.BAD_SETTINGS, error.message))


async def _note_missing(access: Access, installation_id: UUID) -> None:
    await move(
        access,
        installation_id,
        to=_S.LOAD_FAILED,
        only_from={_S.INSTALLED, _S.CHECKED, _S.ACTIVE, _S.DEGRADED, _S.NEEDS_APPROVAL},
        reason="not_loaded",
    )
