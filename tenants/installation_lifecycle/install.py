"""Install an integration: the declaration accepted, the categories granted, the settings checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from wardship.core.errors import InvalidInputError, NotFoundError
from wardship.plugins.api import Holder, Verb
from wardship.tenants.access import Access
from wardship.tenants.declarations import require_accepted
from wardship.tenants.grants.granting import Grantable, insert_grants, require_declared
from wardship.tenants.installation_lifecycle.changed_settings import checked_settings
from wardship.tenants.installation_lifecycle.duplicates import Connected, require_not_installed
from wardship.tenants.installations.authority import require_authority, require_members_may_install
from wardship.tenants.installations.changes import NewInstallation, insert_installation
from wardship.tenants.installations.countries import require_allowed_countries
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.obligations.enqueue import Demand, enqueue


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallRequest:
    """What an administrator, or a member for himself or herself, wants.

    Attributes:
        integration: key of the integration.
        holder: for whom.
        group_id: the group, exactly when the holder is a group.
        member_id: the member, exactly when the holder is a member.
        settings: as filled in, secrets included.
        declaration_digest: hexadecimal digest of the declaration that was read and accepted.
        grants: what of the declaration is allowed.
        accepts_same_account: whether it may use the account of another installation at the vendor.
    """

    integration: str
    declaration_digest: str
    holder: Holder = Holder.ORGANISATION
    group_id: UUID | None = None
    member_id: UUID | None = None
    settings: Mapping[str, object] = field(default_factory=dict, repr=False)
    grants: Collection[Grantable] = ()
    accepts_same_account: bool = False


async def install(access: Access, wanted: InstallRequest) -> InstallationRecord:
    """Install an integration; its check follows at once, and what is granted flows when that has succeeded.

    Raises:
        PermissionDeniedError: the role does not allow it, for that holder.
        MemberInstallationsNotAllowedError: the organisation does not let members install for themselves.
        StepUpRequiredError: the second factor has to be shown again.
        IntegrationUnavailableError: no usable integration has that key.
        StaleDeclarationError: the declaration has changed since it was read.
        UndeclaredGrantError: a grant goes beyond the declaration.
        InvalidSettingsError: the settings do not fit the integration's form.
        ForbiddenCountryError: it stores data where the organisation does not want any.
        NotFoundError: there is no such group or member.
        AlreadyInstalledError: the same is connected for the same people.
        SameVendorAccountError: another installation uses the same account, and that is not accepted.
    """
    await _require_holder(access, wanted)
    access.require_step_up()
    manifest, plan = access.services.integrations.require(wanted.integration).declaration
    digest = require_accepted(manifest, plan, wanted.declaration_digest)
    require_declared(manifest, wanted.grants)
    settings = checked_settings(manifest, wanted.settings)
    await require_allowed_countries(access, manifest, settings.public)
    twin = Connected(wanted.integration, wanted.holder, wanted.group_id, wanted.member_id, settings)
    await require_not_installed(access, manifest, twin, accepts_same_account=wanted.accepts_same_account)
    installation = await insert_installation(
        access,
        NewInstallation(
            integration=wanted.integration,
            manifest=manifest,
            plan=plan,
            holder=wanted.holder,
            group_id=wanted.group_id,
            member_id=wanted.member_id,
            settings=settings,
        ),
    )
    await insert_grants(access, installation.id, wanted.grants)
    await enqueue(access, [Demand(installation=installation, verb=Verb.CHECK)])
    await access.audit(
        "installation.installed",
        "installation",
        installation.id,
        integration=wanted.integration,
        version=manifest.version,
        declaration=digest.hex(),
        holder=wanted.holder.value,
        grants=sorted(f"{each.category} for {each.purpose}" for each in wanted.grants),
    )
    return installation


async def _require_holder(access: Access, wanted: InstallRequest) -> None:
    named = {Holder.GROUP: wanted.group_id, Holder.MEMBER: wanted.member_id}
    for holder, identifier in named.items():
        if (identifier is not None) is not (wanted.holder is holder):
            raise InvalidInputError(
                f"Name a {holder} exactly when the integration is installed for a {holder}.", path=(f"{holder}_id",)
            )
    if wanted.holder is Holder.MEMBER and wanted.member_id == access.actor.member_id:
        await require_members_may_install(access)
    require_authority(access, wanted.member_id)
    await _require_there(access, wanted)


async def _require_there(access: Access, wanted: InstallRequest) -> None:
    is_there = await access.fetchval(
        "select ($2::uuid is null or exists (select from user_group"
        "  where organisation_id = $1 and id = $2 and archived_at is null))"
        " and ($3::uuid is null or exists (select from member"
        "  where organisation_id = $1 and id = $3 and state = 'active'))",
        wanted.group_id,
        wanted.member_id,
    )
    if not is_there:
        raise NotFoundError(f"No such {wanted.holder} here: use the id of one that is active.", path=("holder",))
