"""What the address book and the calendar do alike: one resource per person, named after installation and person."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from functools import cached_property
from typing import ClassVar, Final
from urllib.parse import unquote

from wardship.plugins.api import (
    Attestation,
    AttestationLevel,
    Claim,
    Claimed,
    Connector,
    Export,
    IdentifierType,
    Inquiry,
    KnownAs,
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
from wardship.plugins.dav.search import Entries, Entry
from wardship.plugins.dav.settings import DavSettings

_MARGIN: Final = timedelta(seconds=5)
"""Before the host stops waiting, a long deletion says how far it got, and is called again."""

_LONGEST_NAME: Final = 500


class DavConnector(Connector[DavSettings]):
    """Puts one resource per person into a collection, and takes away what it put there.

    A resource's name and its UID say to which installation and person it belongs, so that repeating a call changes
    nothing more, and an uninstallation finds all that was ever sent. A server may give a resource a name of its own:
    the host remembers that one, and where it was never told, the UID is searched for.

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

    @abstractmethod
    def uid_query(self, uid: str) -> bytes:
        """Return the REPORT body that finds the resources whose UID holds a text."""

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
        return self._written([await self._put(record) for record in share.records])

    async def correct(self, record: Record) -> Outcome:
        """Replace the person's resource."""
        return self._written([await self._put(record)])

    async def restrict(self, restriction: Restriction) -> Outcome:
        """Take the resource away while the restriction lasts, and put it back when it is lifted."""
        if restriction.active or restriction.record is None:
            return await self.erase(restriction.subject)
        return self._written([await self._put(restriction.record)])

    async def erase(self, subject: SubjectRef) -> Outcome:
        """Delete the person's resource, under whichever name it is found.

        It is looked at first: that it is not found afterwards proves something only where it was found before.
        """
        found = [entry.name async for entry in self._own(subject)]
        return Outcome.completed(sum([await self._collection.delete(name) for name in dict.fromkeys(found)]))

    async def revoke(self, revocation: Revocation) -> Outcome:
        """Delete some people's resources, or all that this installation ever put there."""
        deleted = 0
        if not revocation.everything:
            return Outcome.completed(sum([(await self.erase(each)).records_affected for each in revocation.subjects]))
        for names in (self._named_ours, lambda: self._renamed_ours(revocation.subjects)):
            found = await names()
            for position, name in enumerate(found):
                if self._is_late:
                    left = f"{len(found) - position} entries are still to be deleted"
                    return Outcome(
                        status=OutcomeStatus.IN_PROGRESS, detail=left, records_affected=deleted, retry_after_s=1
                    )
                deleted += await self._collection.delete(name)
        return Outcome.completed(deleted)

    async def export(self, subject: SubjectRef) -> Export:
        """Return the person's own resource and every other one with the person's e-mail address."""
        own = {entry.name: entry.content async for entry in self._own(subject)}
        others = await self._others(subject, own)
        if others is None:
            raise Rejected(f"the server does not search, and the {self.what} is too large to be read whole")
        contents = [*own.values(), *(entry.content for entry in others)]
        try:
            values = dict.fromkeys(found for content in contents for found in self.values(content))
        except ValueError:
            raise Rejected(f"an entry of the {self.what} can't be read; mend or delete it") from None
        rows = tuple(field(name, value) for name, value in values if value)
        return Export(outcome=Outcome.completed(len(contents)), rows=rows)

    async def attest(self, claim: Claim) -> Attestation:
        """Look up what must be gone, by name, by the server's name and by UID; for an erasure by e-mail address too."""
        residual: list[str] = []
        subjects = () if claim.everything else claim.subjects
        for subject in subjects:
            residual += await self._left_of(subject, is_erasure=claim.claimed is Claimed.ERASED)
        if not subjects and (left := len(await self._ours(claim.subjects))):
            residual.append(f"{left} entries that this integration made are still in the {self.what}")
        method = f"looked every entry up in the {self.what} by name and UID, and for an erasure by e-mail address"
        evidence = "\n".join((self.context.obligation_id, *map(self._name, claim.subjects), *residual))
        proof = Attestation.probed(at=self.context.now(), method=method, evidence=evidence, residual=tuple(residual))
        if residual or not self._entries.is_incomplete:
            return proof
        method = f"the server does not search, and the {self.what} is too large to be read whole"
        return proof.model_copy(update={"level": AttestationLevel.UNVERIFIABLE, "method": method})

    async def reconcile(self, inquiry: Inquiry) -> Reconciliation:
        """Compare the people asked about with the names in the collection; who is missing is searched for by UID."""
        names = set(await self._collection.names())
        standings = [Standing(subject_id=each.id, state=await self._state(each, names)) for each in inquiry.subjects]
        ours = {name for name in names if unquote(name).startswith(self._prefix)}
        strays = ours - {self._name(subject) for subject in inquiry.subjects}
        return Reconciliation(standings=tuple(standings), strays=tuple(sorted(strays)))

    async def _state(self, subject: SubjectRef, names: set[str]) -> SubjectState:
        is_there = not names.isdisjoint(self._names(subject)) or bool(await self._entries.with_uid(self._uid(subject)))
        return SubjectState.ACTIVE if is_there else SubjectState.UNKNOWN

    @property
    def _is_late(self) -> bool:
        return self.context.now() > self.context.deadline - _MARGIN

    @cached_property
    def _collection(self) -> Collection:
        settings = self.context.settings
        url = str(settings.collection_url).rstrip("/") + "/"
        return Collection(self.context.http, url, (settings.username, self.context.secret("password")), self.what)

    @cached_property
    def _entries(self) -> Entries:
        return Entries(self._collection, self.uid_query, lambda: self._is_late)

    @property
    def _prefix(self) -> str:
        return f"wardship-{self.context.installation_id}-"

    def _uid(self, subject: SubjectRef) -> str:
        return f"{self._prefix}{subject.id}"

    def _name(self, subject: SubjectRef) -> str:
        return f"{self._uid(subject)}{self.suffix}"

    def _names(self, subject: SubjectRef) -> tuple[str, ...]:
        """Return under which names a person's entry may be: the server's own first, then ours."""
        told = subject.known_as
        is_name = told is not None and not re.search(r"[/?#\\]", told) and unquote(told) not in {".", ".."}
        return tuple(dict.fromkeys((told, self._name(subject)) if is_name and told else (self._name(subject),)))

    async def _own(self, subject: SubjectRef) -> AsyncIterator[Entry]:
        """Yield a person's entries: by name, then any other with the person's UID."""
        names = self._names(subject)
        for name in names:
            if (content := await self._collection.read(name)) is not None:
                yield Entry(name, content)
        for entry in await self._entries.with_uid(self._uid(subject)):
            if entry.name not in names:
                yield entry

    async def _left_of(self, subject: SubjectRef, *, is_erasure: bool) -> list[str]:
        own = {entry.name: entry.content async for entry in self._own(subject)}
        left = [f"an entry that this integration made is still in the {self.what}"] if own else []
        others = len(await self._others(subject, own) or ()) if is_erasure else 0
        if others:
            left.append(f"{others} made by others in the {self.what} hold the person's e-mail address")
        return left

    async def _named_ours(self) -> list[str]:
        return [name for name in await self._collection.names() if unquote(name).startswith(self._prefix)]

    async def _renamed_ours(self, subjects: Iterable[SubjectRef]) -> list[str]:
        """Return the names that the server gave to entries of ours: those that were told, and those with our UID."""
        told = [name for each in subjects for name in self._names(each)[:-1]]
        there = [name for name in told if await self._collection.read(name) is not None]
        found = [entry.name for entry in await self._entries.with_uid_prefix(self._prefix)]
        return list(dict.fromkeys((*there, *found)))

    async def _ours(self, subjects: Iterable[SubjectRef]) -> set[str]:
        return {*await self._named_ours(), *await self._renamed_ours(subjects)}

    async def _put(self, record: Record) -> tuple[int, KnownAs | None]:
        """Write a person's entry; tell how many there are, and the server's name for it where that is not ours."""
        subject, own = record.subject, self._name(record.subject)
        content = self.render(record, own)
        if content is None:
            await self.erase(subject)
            return 0, None
        name = await self._write(subject, content)
        is_news = name not in {subject.known_as or own, ""} and len(name) <= _LONGEST_NAME
        return 1, KnownAs(subject_id=subject.id, name=name) if is_news else None

    async def _write(self, subject: SubjectRef, content: bytes) -> str:
        """Write a person's entry where it is, and return its name; empty where the server hides it."""
        name = self._names(subject)[0]
        written = await self._collection.write(name, content, self.content_type, may_refuse=True)
        if written is None:
            # It may stand under another name: no two may have one UID (RFC 6352, section 5.3.2.1).
            others = await self._entries.with_uid(self._uid(subject))
            name = next((entry.name for entry in others), self._name(subject))
            written = await self._collection.write(name, content, self.content_type)
        if written is None or not written.is_new:
            return name
        if written.name is not None:
            return written.name
        if await self._collection.read(name) is not None:
            return name
        return next((entry.name for entry in await self._entries.with_uid(self._uid(subject))), "")

    def _written(self, each: Iterable[tuple[int, KnownAs | None]]) -> Outcome:
        done = list(each)
        names = tuple(known for _, known in done if known is not None)
        return Outcome.completed(sum(count for count, _ in done), known_as=names)

    async def _others(self, subject: SubjectRef, own: Iterable[str]) -> list[Entry] | None:
        """Return others' entries with a person's e-mail address; None where they can't be told."""
        email = subject.identifier(IdentifierType.EMAIL)
        if email is None:
            return []
        found = await self._entries.matching(self.query(email))
        # Servers differ in how they match, so what counts is what the entry says.
        return None if found is None else [each for each in found if each.name not in own and mentions(each, email)]


def mentions(entry: Entry, email: str) -> bool:
    """Tell whether an entry holds an e-mail address, and not only as a part of a longer one."""
    unfolded = unquote(re.sub(r"\r?\n[ \t]", "", entry.content))
    return re.search(rf"(?<![\w.+-]){re.escape(email)}(?![\w-])", unfolded, re.IGNORECASE) is not None
