"""There and back: begin a sign-in at an organisation's provider, and what follows from the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

from wardship.core.actor import Actor, system_actor
from wardship.core.errors import NotFoundError
from wardship.core.openid.claims import ProvenIdentity
from wardship.core.openid.client import AuthorizationAnswer, OpenIdClient, Wanted
from wardship.core.openid.flows import BegunFlow, Flow, NewFlow, begin_flow, end_flow
from wardship.core.openid.identities import Identity
from wardship.core.openid.proofs import SKEW
from wardship.core.openid.refusals import (
    ClientRefusedError,
    FlowRefusedError,
    ProofRefusedError,
    ProviderUnavailableError,
)
from wardship.core.sign_in import throttle
from wardship.core.sign_in.call import Call
from wardship.core.sign_in.completion import note_sign_in
from wardship.core.sign_in.second_factor import has_second_factor
from wardship.core.sign_in.sessions import (
    OpenedSession,
    Session,
    SessionBinding,
    Stage,
    bind_session,
    end_cookie,
    find_session_by_id,
    open_session,
    renew_session,
)
from wardship.tenants.access import Access, Services
from wardship.tenants.organisations.states import require_active
from wardship.tenants.single_sign_on.admitting import Offer, admit_person
from wardship.tenants.single_sign_on.clients import registration_of
from wardship.tenants.single_sign_on.judging import is_second_factor_shown, require_workspace
from wardship.tenants.single_sign_on.read import find_provider
from wardship.tenants.single_sign_on.records import IN_FORCE, ProviderRecord
from wardship.tenants.single_sign_on.states import note_test
from wardship.tenants.single_sign_on.troubles import forget_trouble, note_trouble

ID_TOKENS_SEALED_AS: Final = "session-id-token"


class Purpose(StrEnum):
    """What a sign-in at a provider is begun for."""

    SIGN_IN = "sign_in"
    TEST = "test"
    """Who manages sign-in tries the provider, signed in by the own account."""
    STEP_UP = "step_up"
    """In a session that the provider has opened: the credentials are shown there again before a dangerous act."""


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser goes, and what it keeps meanwhile."""

    url: str
    flow: BegunFlow


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came of a sign-in at a provider.

    Attributes:
        purpose: what it was begun for.
        provider: by which.
        opened: the session, however far it has come.
        offer: a question to the owner of an account, where that came of it.
    """

    purpose: Purpose
    provider: ProviderRecord
    opened: OpenedSession | None = None
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class _Visit:
    """Somebody who comes back from a provider, with what that is judged by."""

    call: Call
    provider: ProviderRecord
    person: ProvenIdentity
    flow: Flow
    cookie: str


@dataclass(frozen=True, slots=True)
class SignInDesk:
    """What sign-ins by organisations' providers need: one for a process.

    Attributes:
        services: the deployment's parts.
        openid: speaks with providers.
    """

    services: Services
    openid: OpenIdClient = field(repr=False)

    @asynccontextmanager
    async def organisation(self, actor: Actor, request_id: str) -> AsyncIterator[Access]:
        """Open a transaction of an organisation that reaches the directory too."""
        async with self.services.database.tenant(actor.organisation_id, directory=True) as transaction:
            yield Access(actor, transaction, self.services, request_id)

    async def provider(self, provider_id: UUID | None = None, *, address_key: str | None = None) -> ProviderRecord:
        """Return a provider of whatever organisation, by its id or the key of the sign-in address.

        Raises:
            NotFoundError: there is none such.
        """
        place = await self.services.database.look_up(
            "select * from identity_provider_place($1, $2)", provider_id, address_key
        )
        if place is not None:
            async with self.organisation(system_actor(place["organisation_id"]), "") as access:
                found = await find_provider(access, place["id"])
                if found is not None:
                    return found
        raise NotFoundError("There is no such sign-in address: ask your organisation for the present one.")

    async def slug(self, provider: ProviderRecord) -> str:
        """Return the short name of the organisation whose provider it is."""
        async with self.services.database.directory(read_only=True) as transaction:
            slug: str = await transaction.fetchval(
                "select slug from organisation where id = $1", provider.organisation_id
            )
        return slug

    async def begin(self, call: Call, provider: ProviderRecord, purpose: Purpose, session: Session | None) -> Departure:
        """Begin a sign-in at a provider; the caller has checked who may for this purpose.

        Raises:
            NotFoundError: nobody signs in by it.
            TooManyAttemptsError: for this network.
            ProviderUnavailableError: it can't be reached or used.
        """
        if purpose is not Purpose.TEST and provider.state not in IN_FORCE:
            raise NotFoundError("There is no such sign-in address: ask your organisation for the present one.")
        new = NewFlow(
            provider=str(provider.id),
            purpose=purpose.value,
            account_id=None if session is None else session.account_id,
            session_id=None if session is None else session.id,
        )
        async with self.services.database.directory() as transaction:
            await throttle.admit_client(transaction, call)
            flow = await begin_flow(transaction, new, at=call.now)
        registration = registration_of(self.services.settings, self.services.keys, provider)
        url = await self.openid.authorization_url(registration, flow.state, self._wanted(call, provider, purpose))
        return Departure(url, flow)

    async def arrive(
        self, call: Call, provider_id: UUID, answer: AuthorizationAnswer, *, browser: str | None, cookie: str | None
    ) -> Arrival:
        """Return what comes of the answer of a provider.

        Args:
            call: the device that asks.
            provider_id: whose redirect address was called.
            answer: its parameters.
            browser: the value of the cookie of this sign-in.
            cookie: that of the session, if the browser has one.

        Raises:
            FlowRefusedError: this sign-in is over, another browser's, or another provider's.
            ProviderRefusedError: the provider did not sign the person in, or refuses this deployment.
            ProofRefusedError: what it proves can't be relied on.
            ProviderUnavailableError: it can't be reached or used.
            PermissionDeniedError: the organisation does not let this person in; the code says why.
        """
        async with self.services.database.directory() as transaction:
            flow = await end_flow(transaction, str(provider_id), answer.state, browser, at=call.now)
            await throttle.forgive_client(transaction, call)
        provider = await self.provider(provider_id)
        purpose = Purpose(flow.purpose)
        if purpose is not Purpose.TEST and provider.state not in IN_FORCE:
            raise FlowRefusedError
        person = await self._redeem(call, provider, flow, answer)
        require_workspace(provider, person)
        async with self.organisation(system_actor(provider.organisation_id), "") as access:
            await require_active(access)
            locked = await find_provider(access, provider.id, lock="for no key update")
            if locked is None or (locked.issuer, locked.client_id) != (provider.issuer, provider.client_id):
                raise FlowRefusedError
            visit = _Visit(call, locked, person, flow, cookie or "")
            if purpose is Purpose.STEP_UP:
                return await self._stepped_up(access, visit)
            return await self._arrived(access, visit)

    async def _redeem(
        self, call: Call, provider: ProviderRecord, flow: Flow, answer: AuthorizationAnswer
    ) -> ProvenIdentity:
        """Return whom the provider vouches for; trouble that an administrator has to settle is noted and told."""
        registration = registration_of(self.services.settings, self.services.keys, provider)
        wanted = self._wanted(call, provider, Purpose(flow.purpose), since=flow)
        try:
            person = await self.openid.redeem(registration, answer, wanted)
        except (ClientRefusedError, ProviderUnavailableError) as error:
            async with self.organisation(system_actor(provider.organisation_id), "") as access:
                await note_trouble(access, provider, error)
            raise
        if provider.trouble is not None:
            async with self.organisation(system_actor(provider.organisation_id), "") as access:
                await forget_trouble(access, provider)
        return person

    async def _arrived(self, access: Access, visit: _Visit) -> Arrival:
        call, provider, purpose = visit.call, visit.provider, Purpose(visit.flow.purpose)
        asker = await _asker(access, visit)
        if purpose is Purpose.TEST:
            await note_test(_as_manager(access, visit.flow), provider)
        asker_id = None if asker is None else asker.account_id
        found = await admit_person(access, call, provider, visit.person, asker_id=asker_id)
        if isinstance(found, Offer):
            return Arrival(purpose, provider, offer=found)
        if purpose is Purpose.TEST:
            return Arrival(purpose, provider)
        await end_cookie(access.transaction, visit.cookie)
        return Arrival(purpose, provider, await self._open(access, visit, found))

    async def _open(self, access: Access, visit: _Visit, identity: Identity) -> OpenedSession:
        call, person = visit.call, visit.person
        stage = Stage.COMPLETE
        if not is_second_factor_shown(visit.provider, person):
            has_factor = await has_second_factor(access.transaction, identity.account_id, identity.id)
            stage = Stage.SECOND_STEP if has_factor else Stage.ENROLMENT
        opened = await open_session(access.transaction, identity.account_id, stage, call.client, at=call.now)
        sealed = self.services.keys.encrypt(
            ID_TOKENS_SEALED_AS, person.id_token.encode(), bound_to=opened.session.id.bytes
        )
        asked_at = person.authenticated_at
        is_fresh = asked_at is not None and asked_at >= visit.flow.created_at - SKEW
        binding = SessionBinding(access.organisation_id, identity.id, person.provider_session, sealed, is_fresh)
        opened = await bind_session(access.transaction, opened, binding)
        await access.audit("session.opened", "identity", identity.id, by="identity_provider")
        return await note_sign_in(access.transaction, call, opened) if stage is Stage.COMPLETE else opened

    @staticmethod
    async def _stepped_up(access: Access, visit: _Visit) -> Arrival:
        call, provider, person = visit.call, visit.provider, visit.person
        session = await find_session_by_id(access.transaction, visit.flow.session_id, at=call.now, cookie=visit.cookie)
        identity = await admit_person(access, call, provider, person, asker_id=None)
        if session is None or isinstance(identity, Offer) or session.identity_id != identity.id:
            raise ProofRefusedError("Show again who you are with the account by which you are signed in.")
        if not is_second_factor_shown(provider, person):
            raise ProofRefusedError("The provider does not say that a second factor was shown: show one of your own.")
        return Arrival(Purpose.STEP_UP, provider, await renew_session(access.transaction, session, at=call.now))

    @staticmethod
    def _wanted(call: Call, provider: ProviderRecord, purpose: Purpose, *, since: Flow | None = None) -> Wanted:
        moment = call.now if since is None else since.created_at
        return Wanted(
            authenticated_since=moment if purpose is Purpose.STEP_UP else None,
            acr=tuple(provider.acr_values),
            extra={"hd": provider.hosted_domain} if provider.hosted_domain else {},
        )


async def _asker(access: Access, visit: _Visit) -> Session | None:
    """Return the session by which the sign-in was begun, if the browser is still signed in by it."""
    if visit.flow.session_id is None:
        return None
    session = await find_session_by_id(
        access.transaction, visit.flow.session_id, at=visit.call.now, cookie=visit.cookie
    )
    if session is None or session.stage is not Stage.COMPLETE:
        raise FlowRefusedError("You were signed out meanwhile: begin again.")
    return session


def _as_manager(access: Access, flow: Flow) -> Access:
    actor = Actor(flow.account_id, access.organisation_id, None, frozenset(), access.actor.credential)
    return Access(actor, access.transaction, access.services, access.request_id)
