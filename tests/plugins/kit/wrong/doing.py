"""Samples that do not do what they say, at a vendor that answers."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.plugins.kit.plugin_made import PluginMade, separate, supporting, wrong
from wardship.plugins.api import (
    Attestation,
    Cause,
    Export,
    Field,
    Outcome,
    Rejected,
    Share,
    SubjectState,
    TemporarilyUnavailable,
)


@wrong("batch-is-delivered")
def delivers_the_first_of_a_batch_only(acme):
    class Wrong(acme.Acme):
        async def share(self, share):
            await super().share(Share(records=share.records[:1]))
            return Outcome.completed(len(share.records))

    return PluginMade(acme, Wrong)


@wrong("share-is-repeatable")
def refuses_what_is_there_already(acme):
    class Wrong(acme.Acme):
        async def share(self, share):
            for each in share.records:
                if (await self._call("GET", f"subjects/{each.subject.id}")).expect(200, 404).status == 200:
                    raise Rejected("there is such an entry already")
            return await super().share(share)

    return PluginMade(acme, Wrong)


@wrong("grant-is-repeatable")
def grants_once_only(acme):
    class Wrong(acme.Acme):
        async def grant(self, grant):
            path = f"subjects/{grant.holder_id}"
            if (await self._call("GET", path)).expect(200, 404).status == 200:
                raise Rejected("is connected already")
            (await self._call("PUT", path, {})).expect(200)
            return Outcome.completed()

    return PluginMade(acme, Wrong, supporting(grant=True))


@wrong("record-replaces")
def merges_instead_of_replacing(acme):
    class Wrong(acme.Acme):
        async def correct(self, record):
            path = f"subjects/{record.subject.id}"
            found = (await self._call("GET", path)).expect(200, 404)
            values = found.json() if found.status == 200 else {}
            values |= {field.name: field.value for field in record.fields}
            (await self._call("PUT", path, values)).expect(200)
            return Outcome.completed(1)

    return PluginMade(acme, Wrong)


@wrong("export-is-complete")
def exports_less_than_was_shared(acme):
    class Wrong(acme.Acme):
        async def export(self, subject):
            export = await super().export(subject)
            return Export(outcome=export.outcome, rows=tuple(row for row in export.rows if row.name != "email"))

    return PluginMade(acme, Wrong)


@wrong("export-is-tagged")
def tags_rows_with_a_category_that_is_not_declared(acme):
    class Wrong(acme.Acme):
        async def export(self, subject):
            export = await super().export(subject)
            rows = tuple(Field(category="user.device", name=row.name, value=row.value) for row in export.rows)
            return Export(outcome=export.outcome, rows=rows)

    return PluginMade(acme, Wrong)


@wrong("unknown-is-empty")
def refuses_to_export_whom_it_does_not_know(acme):
    class Wrong(acme.Acme):
        async def export(self, subject):
            (await self._call("GET", f"subjects/{subject.id}")).expect(200)
            return await super().export(subject)

    return PluginMade(acme, Wrong)


@wrong("states-are-true")
def says_that_everybody_is_there(acme):
    class Wrong(acme.Acme):
        async def reconcile(self, inquiry):
            told = await super().reconcile(inquiry)
            active = tuple(each.model_copy(update={"state": SubjectState.ACTIVE}) for each in told.standings)
            return told.model_copy(update={"standings": active})

    return PluginMade(acme, Wrong)


@wrong("restriction-is-lifted")
def never_lifts_a_restriction(acme):
    class Wrong(acme.Acme):
        async def restrict(self, restriction):
            return await self.erase(restriction.subject)

    return PluginMade(acme, Wrong)


@wrong("order-does-not-matter")
def waits_for_the_share_of_whom_it_corrects(acme):
    class Wrong(separate(acme)):
        async def correct(self, record):
            if (await self._call("GET", f"subjects/{record.subject.id}")).expect(200, 404).status == 404:
                raise TemporarilyUnavailable("nobody of that name yet")
            return await super().correct(record)

    return PluginMade(acme, Wrong)


@wrong("erase-is-idempotent")
def fails_to_erase_whom_it_does_not_find(acme):
    class Wrong(separate(acme)):
        async def erase(self, subject):
            (await self._call("GET", f"subjects/{subject.id}")).expect(200)
            (await self._call("DELETE", f"subjects/{subject.id}")).expect(204)
            return Outcome.completed(1)

    return PluginMade(acme, Wrong)


@wrong("erased-is-gone")
def erases_nobody(acme):
    class Wrong(separate(acme)):
        async def erase(self, subject):
            found = (await self._call("GET", f"subjects/{subject.id}")).expect(200, 404)
            return Outcome.completed(1 if found.status == 200 else 0)

    return PluginMade(acme, Wrong)


@wrong("erased-is-gone")
def erases_by_writing_an_empty_name(acme):
    class Wrong(separate(acme)):
        async def erase(self, subject):
            found = (await self._call("GET", f"subjects/{subject.id}")).expect(200, 404)
            if found.status == 404:
                return Outcome.completed()
            (await self._call("PUT", f"subjects/{subject.id}", {"first_name": "nobody"})).expect(200)
            return Outcome.completed(1)

    return PluginMade(acme, Wrong)


@wrong("revoke-is-idempotent")
def fails_to_revoke_twice(acme):
    class Wrong(acme.Acme):
        async def revoke(self, revocation):
            for subject in revocation.subjects:
                await self.erase(subject)
            if revocation.everything:
                (await self._call("GET", "me")).expect(200)
                (await self._call("DELETE", "token")).expect(204)
            return Outcome.completed()

    return PluginMade(acme, Wrong)


@wrong("revoked-is-gone")
def forgets_its_own_copy_instead_of_revoking(acme):
    class Wrong(acme.Acme):
        async def revoke(self, revocation):
            if revocation.everything:
                return await super().revoke(revocation)
            (await self._call("GET", "me")).expect(200)
            return Outcome.completed(len(revocation.subjects))

    return PluginMade(acme, Wrong)


@wrong("revoked-is-gone")
def keeps_the_token_at_the_end(acme):
    class Wrong(acme.Acme):
        async def revoke(self, revocation):
            (await self._call("GET", "me")).expect(200)
            for subject in revocation.subjects:
                await self.erase(subject)
            return Outcome.completed(len(revocation.subjects))

    return PluginMade(acme, Wrong)


@wrong("proof-finds-what-is-there")
def proves_whatever_it_is_asked(acme):
    class Wrong(acme.Acme):
        async def attest(self, claim):
            del claim
            return Attestation.probed(at=self.context.now(), method="trusted", evidence="a promise")

    return PluginMade(acme, Wrong)


@wrong("proof-as-promised")
def deletes_without_looking_first(acme):
    class Wrong(separate(acme)):
        async def erase(self, subject):
            response = (await self._call("DELETE", f"subjects/{subject.id}")).expect(204, 404)
            return Outcome.completed(1 if response.status == 204 else 0)

    return PluginMade(acme, Wrong)


@wrong("host-clock")
def asks_the_machine_for_the_time(acme):
    class Wrong(acme.Acme):
        async def attest(self, claim):
            proof = await super().attest(claim)
            return proof.model_copy(update={"checked_at": datetime.now(UTC)})

    return PluginMade(acme, Wrong)


@wrong("batch-is-as-large-as-it-says")
def takes_fewer_at_once_than_it_says(acme):
    class Wrong(separate(acme)):
        async def share(self, share):
            if len(share.records) > 50:
                raise Rejected("at most 50 at once")
            return await super().share(share)

    return PluginMade(acme, Wrong)


@wrong("batch-is-as-large-as-it-says")
def leaves_out_what_is_beyond_its_own_page(acme):
    class Wrong(separate(acme)):
        async def share(self, share):
            await super().share(Share(records=share.records[:50]))
            return Outcome.completed(len(share.records))

    return PluginMade(acme, Wrong)


@wrong("every-cause-is-taken")
def erases_on_request_alone(acme):
    class Wrong(separate(acme)):
        async def erase(self, subject):
            if self.context.cause is Cause.RETENTION_ENDED:
                raise Rejected("we keep our own retention")
            return await super().erase(subject)

    return PluginMade(acme, Wrong)


@wrong("objection-is-taken")
def knows_no_purposes(acme):
    class Wrong(acme.Acme):
        async def restrict(self, restriction):
            if restriction.purpose is not None:
                raise Rejected("all or nothing")
            return await super().restrict(restriction)

    return PluginMade(acme, Wrong, supporting(object=True))


@wrong("objection-is-taken")
def keeps_everything_out_after_an_objection(acme):
    objected = set()

    class Wrong(acme.Acme):
        async def restrict(self, restriction):
            if restriction.purpose is not None:
                (objected.add if restriction.active else objected.discard)(restriction.subject.id)
            return await super().restrict(restriction)

        async def share(self, share):
            kept = tuple(record for record in share.records if record.subject.id not in objected)
            return await super().share(Share(records=kept)) if kept else Outcome.completed(0)

    return PluginMade(acme, Wrong, supporting(object=True))
