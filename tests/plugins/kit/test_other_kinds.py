"""Integrations of other kinds that are right: the kit fails none of them for what they are."""

from __future__ import annotations

from tests.plugins.kit.plugin_made import PluginMade, supporting
from wardship.plugins.api import (
    AttestSupport,
    Connector,
    Direction,
    EraseSupport,
    ExportSupport,
    KnownAs,
    Outcome,
    Retained,
    RevocationPlan,
)
from wardship.plugins.kit import Status, check_conformance


def test_one_that_fetches_by_itself_is_sent_nothing_and_fails_nothing(right):
    class Fetching(right.module.Acme):
        share = Connector.share

    def pulling(manifest):
        receives = tuple(entry.model_copy(update={"direction": Direction.PULL}) for entry in manifest.receives)
        return manifest.model_copy(update={"receives": receives})

    report = check_conformance(PluginMade(right.module, Fetching, pulling), right.vendor)
    assert report.of(Status.FAILED) == (), report.as_text()
    assert report.of(Status.NOT_RUN) == (), report.as_text()
    assert {"share-is-repeatable", "proof-as-promised"} <= set(report.of(Status.UNCONCERNED))


def test_a_job_that_goes_on_is_followed_to_its_end(right):
    class Slow(right.module.Acme):
        async def erase(self, subject):
            if self.context.continuation is None:
                (await self._call("GET", f"subjects/{subject.id}")).expect(200, 404)
                return Outcome.in_progress("job-17", retry_after_s=3600)
            assert self.context.continuation.external_ref == "job-17"
            return await super().erase(subject)

        async def revoke(self, revocation):
            return await right.module.Acme(self.context).revoke(revocation)

        async def restrict(self, restriction):
            return await right.module.Acme(self.context).restrict(restriction)

    report = check_conformance(PluginMade(right.module, Slow), right.vendor)
    assert report.of(Status.FAILED) == (), report.as_text()
    assert report.level == "gold"


def test_what_a_law_keeps_and_the_outcome_says_may_stay(right):
    kept = Retained(category="user.contact.email", reason="an invoice", legal_basis="a law on taxes")

    class Keeping(right.module.Acme):
        async def erase(self, subject):
            found = (await self._call("GET", f"subjects/{subject.id}")).expect(200, 404)
            if found.status == 404:
                return Outcome.completed()
            if found.json().keys() == {"email"}:
                return Outcome.completed(retained=(kept,))
            await self._call("PUT", f"subjects/{subject.id}", {"email": found.json()["email"]})
            return Outcome.completed(1, retained=(kept,))

        async def restrict(self, restriction):
            return await right.module.Acme(self.context).restrict(restriction)

        async def revoke(self, revocation):
            return await right.module.Acme(self.context).revoke(revocation)

    report = check_conformance(PluginMade(right.module, Keeping), right.vendor)
    assert report.of(Status.FAILED) == (), report.as_text()
    assert "erased-is-gone" in report.of(Status.PASSED)


def test_a_vendor_that_names_people_itself_is_told_by_its_name(right):
    class Naming(right.module.Acme):
        async def share(self, share):
            outcome = await super().share(share)
            names = tuple(KnownAs(subject_id=each.subject.id, name=f"no-{each.subject.id}") for each in share.records)
            return outcome.model_copy(update={"known_as": names})

        async def export(self, subject):
            assert subject.known_as in {f"no-{subject.id}", None}
            export = await super().export(subject)
            assert not export.rows or subject.known_as is not None
            return export

    report = check_conformance(PluginMade(right.module, Naming), right.vendor)
    assert report.of(Status.FAILED) == (), report.as_text()


def test_one_of_which_a_person_does_most_is_bronze_at_best_and_fails_nothing_below(right):
    class Manual(right.module.Acme):
        export = Connector.export
        erase = Connector.erase
        restrict = Connector.restrict
        attest = Connector.attest

        async def revoke(self, revocation):
            for subject in revocation.subjects:
                (await self._call("DELETE", f"subjects/{subject.id}")).expect(204, 404)
            (await self._call("GET", "me")).expect(200)
            return Outcome.completed(len(revocation.subjects))

    class ByHand(PluginMade):
        def wardship_revokes(self):
            plan = self.module.wardship_revokes()
            by_hand = {"method": "manual", "proof": "manual", "instructions": "Write to them."}
            steps = [
                step.model_dump() | (by_hand if step.verb == "erase" else {"proof": "self_reported"})
                for step in plan.steps
            ]
            return RevocationPlan.model_validate({"steps": steps})

        wardship_revokes.wardship_impl = PluginMade.wardship_revokes.wardship_impl

    promised = supporting(
        export=ExportSupport.NONE, erase=EraseSupport.MANUAL, restrict=False, attest=AttestSupport.NONE
    )
    report = check_conformance(ByHand(right.module, Manual, promised), right.vendor)
    assert report.of(Status.FAILED) == ("nothing-by-hand",), report.as_text()
    assert report.level == "silver"


def test_fields_that_only_stand_in_for_others_are_seen_where_less_is_granted(right):
    class Standing(right.module.Acme):
        async def correct(self, record):
            values = {name: record.text(name) for name in ("email", "first_name") if record.get(name)}
            if "first_name" not in values and (name := record.text("last_name")):
                values["last_name"] = name
            (await self._call("PUT", f"subjects/{record.subject.id}", values)).expect(200)
            return Outcome.completed(1)

    report = check_conformance(PluginMade(right.module, Standing), right.vendor)
    assert report.of(Status.FAILED) == (), report.as_text()
