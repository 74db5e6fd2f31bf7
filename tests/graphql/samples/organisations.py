"""Samples of the organisation, offers of its ownership, and the caller."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from tests.builders import NOW
from tests.graphql.calls import gid
from tests.graphql.sample import mutation, on_subject, query
from tests.graphql.world import World


def _transfer(to: str):
    @asynccontextmanager
    async def around(world: World) -> AsyncIterator[None]:
        world.ids["transfer"] = await world.insert(
            "ownership_transfer",
            from_member_id=world.people["owner"].member_id,
            to_member_id=world.people[to].member_id,
            expires_at=NOW + timedelta(days=7),
            state="offered",
        )
        yield
        await world.owner.execute("delete from ownership_transfer where id = $1", world.ids["transfer"])

    return around


def _transfer_id(world: World) -> dict[str, str]:
    return {"transferId": gid("OwnershipTransfer", world.ids["transfer"])}


SAMPLES = [
    query(
        "viewer",
        """{ viewer { permissions isPrivacyTeam member { displayName email } organisation { id name slug
            ownershipTransfer { id fromMember { displayName } toMember { displayName } } } } }""",
    ),
    query(
        "organisation", "{ organisation { id name slug settings { grievanceContact forbiddenCountries dpdpDays } } }"
    ),
    mutation("renameOrganisation", "RenameOrganisationInput", lambda _: {"name": "Renamed"}),
    mutation("updateOrganisationSettings", "UpdateOrganisationSettingsInput", lambda _: {"membersMayInstall": True}),
    mutation("offerOwnership", "OfferOwnershipInput", on_subject),
    mutation("acceptOwnership", "OwnershipOfferInput", _transfer_id, _transfer("admin")),
    mutation("declineOwnership", "OwnershipOfferInput", _transfer_id, _transfer("admin")),
    mutation("cancelOwnershipOffer", "OwnershipOfferInput", _transfer_id, _transfer("admin")),
]


KEYS = {"Organisation": "O"}


CROWD = """
insert into organisation (id, created_at, slug, name)
    select distinct organisation_id, now(), 'place-' || place, 'Place' from number;
insert into ownership_transfer (organisation_id, id, created_at, from_member_id, to_member_id, expires_at, state)
    select organisation_id, key('u', place, n), at, key('m', place, 1), other, '2099-01-01T00:00:00Z',
        case when n = 1 then 'offered' else 'declined' end from number;
"""
