"""What the address book and the calendar do alike: one resource per person, named after installation and person."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable
from datetime import timedelta
from functools import cached_property
from typing import ClassVar, Final
from urllib.parse import unquote

from wardship.plugins.api import (
    Attestation,
    Claim,
    Claimed,
    Connector,
    Export,
    IdentifierType,
    Inquiry,
    Outcome,
    OutcomeStatus,
    Reconciliation,
    Record,
    Rejected,
    Restriction,
    Revocation,
    Share,
    Standing,
    SubjectRef,
    SubjectState,
)
from wardship.plugins.dav.collection import Collection
from wardship.plugins.dav.declaration import field
from wardship.plugins.dav.multistatus import Resource
from wardship.plugins.dav.settings import DavSettings

_MARGIN: Final = timedelta(seconds=5)
"""Before the host stops waiting, a long deletion says how far it got, and is called again."""


class DavConnector(Connector[DavSettings]):
    """Puts one resource per person into a collection, and takes away what it put there.

    It needs no memory: a resource's name says to which installation and person it belongs, so that repeating a call
    changes nothing more, and an uninstallation finds all that was ever sent.

    Attributes:
        kind: the collection's resource type, in Clark notation.
        what: what the collection is called towards people.
        suffix: of the resources' names.
        content_type: of the resources.
    """

    kind: ClassVar[str]
    what: ClassVar[str]
    suffix: ClassVar[str]
    content_type: ClassVar[str]

    @abstractmethod
    def render(self, record: Record, name: str) -> bytes | None:
        """Return the resource for a record, or None when what was granted is too little to make one."""

    @abstractmethod
    def values(self, content: str) -> Iterable[tuple[str, str]]:
        """Return a resource's values, each with its standard field; raises ``ValueError`` when it can't be read."""

    @abstractmethod
    def query(self, email: str) -> bytes:
        """Return the REPORT body that finds the resources with an e-mail address."""

    async def check(self) -> Outcome:
        """Look the collection up with the account."""
        found = await self._collection.describe()
        if found is None:
            raise Rejected(f"there is no {self.what} at this address")
        if self.kind not in found.kinds:
            raise Rejected(f"what is at this address is not a {self.what}")
        return Outcome.completed()

    async def share(self, share: Share) -> Outcome:
        """Write one resource per record; a record that makes none takes its person's away."""
        return Outcome.completed(sum([await self._put(record) for record in share.records]))

    async def correct(self, record: Record) -> Outcome:
        """Replace the person's resource."""
        return Outcome.completed(await self._put(record))

    async def restrict(self, restriction: Restriction) -> Outcome:
        """Take the resource away while the restriction lasts, and put it back when it is lifted."""
        if restriction.active or restriction.record is None:
            return await self.erase(restriction.subject)
        return Outcome.completed(await self._put(restriction.record))

    async def erase(self, subject: SubjectRef) -> Outcome:
        """Delete the person's resource."""
        return Outcome.completed(await self._collection.delete(self._name(subject)))

    async def revoke(self, revocation: Revocation) -> Outcome:
        """Delete some people's resources, or all that this installation ever put there."""
        names = await self._ours() if revocation.everything else [self._name(each) for each in revocation.subjects]
        deleted = 0
        for position, name in enumerate(names):
            if self.context.now() > self.context.deadline - _MARGIN:
                left = f"{len(names) - position} entries are still to be deleted"
                return Outcome(status=OutcomeStatus.IN_PROGRESS, detail=left, records_affected=deleted, retry_after_s=1)
            deleted += await self._collection.delete(name)
        return Outcome.completed(deleted)

    async def export(self, subject: SubjectRef) -> Export:
        """Return the person's own resource and every other one with the person's e-mail address."""
        own = await self._collection.read(self._name(subject))
        contents = [own] if own is not None else []
        contents += [found.data for found in await self._others(subject)]
        try:
            values = dict.fromkeys(found for content in contents for found in self.values(content))
        except ValueError:
            raise Rejected(f"an entry of the {self.what} can't be read; mend or delete it") from None
        rows = tuple(field(name, value) for name, value in values if value)
        return Export(outcome=Outcome.completed(len(contents)), rows=rows)

    async def attest(self, claim: Claim) -> Attestation:
        """Look up what must be gone: the resources by name, and for an erasure the e-mail address as well."""
        residual: list[str] = []
        for subject in claim.subjects:
            if await self._collection.read(self._name(subject)) is not None:
                residual.append(f"an entry that this integration made is still in the {self.what}")
            others = len(await self._others(subject)) if claim.claimed is Claimed.ERASED else 0
            if others:
                residual.append(f"{others} made by others in the {self.what} hold the person's e-mail address")
        if not claim.subjects and (left := len(await self._ours())):
            residual.append(f"{left} entries that this integration made are still in the {self.what}")
        return Attestation.probed(
            at=self.context.now(),
            method=f"looked every entry up in the {self.what} by name, and for an erasure by e-mail address",
            evidence="\n".join((self.context.obligation_id, *map(self._name, claim.subjects), *residual)),
            residual=tuple(residual),
        )

    async def reconcile(self, inquiry: Inquiry) -> Reconciliation:
        """Compare the people asked about with the names in the collection."""
        ours = set(await self._ours())
        standings = tuple(
            Standing(
                subject_id=subject.id,
                state=SubjectState.ACTIVE if self._name(subject) in ours else SubjectState.UNKNOWN,
            )
            for subject in inquiry.subjects
        )
        strays = ours - {self._name(subject) for subject in inquiry.subjects}
        return Reconciliation(standings=standings, strays=tuple(sorted(strays)))

    @cached_property
    def _collection(self) -> Collection:
        settings = self.context.settings
        url = str(settings.collection_url).rstrip("/") + "/"
        return Collection(self.context.http, url, (settings.username, self.context.secret("password")))

    @property
    def _prefix(self) -> str:
        return f"wardship-{self.context.installation_id}-"

    def _name(self, subject: SubjectRef) -> str:
        return f"{self._prefix}{subject.id}{self.suffix}"

    async def _ours(self) -> list[str]:
        return [name for name in await self._collection.names() if name.startswith(self._prefix)]

    async def _put(self, record: Record) -> int:
        name = self._name(record.subject)
        content = self.render(record, name)
        if content is None:
            await self._collection.delete(name)
            return 0
        await self._collection.write(name, content, self.content_type)
        return 1

    async def _others(self, subject: SubjectRef) -> list[Resource]:
        email = subject.identifier(IdentifierType.EMAIL)
        if email is None:
            return []
        own = self._name(subject)
        found = await self._collection.search(self.query(email))
        # Servers differ in how they match, so what counts is what the entry says.
        return [each for each in found if each.name != own and _mentions(each.data, email)]


def _mentions(content: str, email: str) -> bool:
    unfolded = unquote(re.sub(r"\r?\n[ \t]", "", content))
    return re.search(rf"(?<![\w.+-]){re.escape(email)}(?![\w-])", unfolded, re.IGNORECASE) is not None
