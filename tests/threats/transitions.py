"""The claim of a domain: each row of the table of its transitions in the design, and what holds it."""

from __future__ import annotations

from tests.threats.control import Threat, control

_CLAIMING = "tenants/domains/claiming.py"
_SETTLING = "tenants/domains/settling.py"
_RESOLVERS = "tenants/domains/resolvers.py"
_CONTESTS = "tenants/domains/contests.py"
_CLOCKS = "tenants/domains/clocks.py"
_REFUSED = "tenants/domains/test_names.py::test_domain_that_is_no_organisations_is_refused"
_FOUND = "tenants/domains/test_resolvers.py::test_record_is_found"

TRANSITIONS = (
    Threat(
        "to pending",
        (
            control(
                "The caller may manage domains.",
                "tenants/domains/test_claims.py::test_only_who_manages_domains_claims_and_changes_them",
                (_CLAIMING, "access.require(Permission.DOMAINS_MANAGE)", "pass"),
            ),
            control(
                "And has shown the second factor a moment ago.",
                "tenants/domains/test_claims.py::test_every_change_needs_the_second_factor_shown_a_moment_ago",
                (_CLAIMING, "    access.require_step_up()\n", ""),
            ),
            control(
                "The organisation is active.",
                "tenants/domains/test_claims.py::test_suspended_organisation_claims_nothing",
                (_CLAIMING, "    await require_active(access)\n", ""),
            ),
            control(
                "The name is in its one form.",
                "tenants/domains/test_names.py::test_text_that_is_no_domain_is_refused",
                ("tenants/domains/names.py", ", std3_rules=True)", ")"),
            ),
            control(
                "No name that nobody can register is claimed.",
                _REFUSED,
                (
                    "tenants/domains/names.py",
                    "if is_special_use(name, is_development=settings.development):",
                    "if False:",
                ),
            ),
            control(
                "Nor one that only the deployment's own network knows.",
                _REFUSED,
                ("tenants/domains/names.py", "if _is_below(name, settings.internal_domains):", "if False:"),
            ),
        ),
    ),
    Threat(
        "to verified",
        (
            control(
                "The record stands at a name of its own.",
                "tenants/domains/test_resolvers.py::test_record_at_another_name_proves_nothing",
                ("tenants/domains/records.py", "{_LABELS[scope]}.{CHALLENGES}.{name}", "{name}"),
            ),
            control(
                "Every record of the set counts.",
                _FOUND,
                (_RESOLVERS, "list(found.rrset)[:_MOST_RECORDS]", "list(found.rrset)[:1]"),
            ),
            control("Its strings are joined.", _FOUND, (_RESOLVERS, 'b"".join(strings)', "strings[0]")),
            control(
                "An alias is followed.",
                "tenants/domains/test_resolvers.py::test_alias_that_a_resolver_leaves_to_us_is_followed",
                (_RESOLVERS, "if found.canonical_name == target:", "if True:"),
            ),
            control(
                "A validating resolver is believed alone.",
                "tenants/domains/test_resolvers.py::test_signed_answer_of_a_validating_resolver_needs_no_second_one",
                ("tenants/domains/proof.py", " or any(answer.is_signed for answer, _ in told)", ""),
            ),
            control(
                "A look that was overtaken says nothing.",
                "tenants/domains/test_claims.py::test_look_that_was_overtaken_says_nothing",
                (_SETTLING, "if claim is None or claim.check_at != check.leased_until:", "if claim is None:"),
            ),
        ),
    ),
    Threat(
        "to grace",
        (
            control(
                "Three misses.",
                "tenants/domains/test_life.py::test_two_misses_over_many_days_are_no_loss",
                (_SETTLING, "if misses < MISSES or access.now", "if access.now"),
            ),
            control(
                "Over a day at least.",
                "tenants/domains/test_life.py::test_proof_is_lost_by_three_misses_over_a_day_and_not_before",
                (_SETTLING, " or access.now - since < MISSED_FOR:", ":"),
            ),
            control(
                "An outage is no loss.",
                "tenants/domains/test_life.py::test_outage_is_never_a_loss_however_long_it_is",
                (
                    _RESOLVERS,
                    "return Answer(resolver, Reply.FAILED, reason=_why(error))",
                    "return Answer(resolver, Reply.ABSENT, reason=_why(error))",
                ),
            ),
            control(
                "A record that is back begins the count again.",
                "tenants/domains/test_life.py::test_record_that_is_back_in_between_begins_the_count_again",
                (
                    _SETTLING,
                    "    await _note(access, claim, Finding.PROVEN, None)\n",
                    "    await _note(access, claim, Finding.PROVEN, None, (claim.misses, claim.missed_since))\n",
                ),
            ),
        ),
    ),
    Threat(
        "grace",
        (
            control(
                "It is told on days 0, 3 and 6.",
                "tenants/telling/test_domains.py::test_loss_is_told_on_the_first_the_third_and_the_sixth_day",
                (_CLOCKS, "elif claim.remind_at is not None and claim.remind_at <= access.now:", "elif False:"),
            ),
            control(
                "Members keep their access.",
                "tenants/account_claims/test_boundary.py"
                "::test_grace_period_leaves_members_their_access_and_others_alone",
                (
                    "tenants/account_claims/following.py",
                    "_GONE: Final = frozenset({",
                    "_GONE: Final = frozenset({ClaimState.GRACE, ",
                ),
                (
                    "tenants/members/boundary.py",
                    "update member set concealed_at = $3 where",
                    "update member set concealed_at = $3, state = 'deactivated' where",
                ),
            ),
            control(
                "Nobody's days to choose run out meanwhile.",
                "tenants/account_claims/test_grace.py::test_nobodys_days_run_out_while_the_domain_is_in_doubt",
                (
                    "tenants/account_claims/clocks.py",
                    "if domain is not None and domain.state is ClaimState.VERIFIED:",
                    "if domain is not None:",
                ),
            ),
        ),
    ),
    Threat(
        "grace to verified",
        (
            control(
                "With a newly issued record alone.",
                "tenants/domains/test_life.py::test_old_record_published_again_does_not_end_the_grace_period",
                (_SETTLING, "if claim.state in {_S.GRACE, _S.SUSPENDED} and not is_fresh:", "if False:"),
            ),
        ),
    ),
    Threat(
        "to suspended",
        (
            control(
                "Administrators see address and state alone.",
                "tenants/account_claims/test_boundary.py"
                "::test_without_the_domain_address_and_state_alone_are_seen_and_nothing_is_deleted",
                (
                    "tenants/account_claims/following.py",
                    "if await conceal_members_of_domain(access, domain_id):",
                    "if False:",
                ),
            ),
            control(
                "The domain keeps nobody else out any more.",
                "tenants/domains/test_life.py::test_domain_that_is_not_proven_again_is_suspended_then_released",
                (_CLOCKS, "            await suspend_domain(access, domain, claim.id)\n", ""),
            ),
            control(
                "It ends by the clock.",
                "tenants/domains/test_life.py::test_domain_that_is_not_proven_again_is_suspended_then_released",
                (
                    _CLOCKS,
                    "ClaimClocks(until=until))\n            await suspend",
                    "ClaimClocks())\n            await suspend",
                ),
            ),
        ),
    ),
    Threat(
        "contested",
        (
            control(
                "The holder has seven days.",
                "tenants/domains/test_contests.py"
                "::test_domain_of_a_silent_holder_passes_in_a_new_epoch_and_in_quarantine",
                (_CONTESTS, "if until is not None and until > access.now:", "if False:"),
            ),
            control(
                "A new record of the holder's keeps the domain, and makes it a dispute.",
                "tenants/domains/test_contests.py"
                "::test_holder_that_answers_with_a_new_record_stays_and_the_claim_is_disputed",
                (_SETTLING, "if is_fresh and claim.contested_at is not None:", "if False:"),
            ),
            control(
                "The claimant does not learn who the holder is.",
                "tenants/domains/test_outsiders.py::test_claimant_never_learns_who_holds_the_domain",
                (
                    _CONTESTS,
                    "    await access.execute(_AGAINST, claim.id, rival.claim_id, earliest)\n",
                    (
                        "    await access.execute(_AGAINST, claim.id, rival.claim_id, earliest)\n"
                        "    holder = str(rival.holder_id)\n"
                        '    await access.audit("domain.contested", "domain_claim", claim.id, holder=holder)\n'
                    ),
                ),
            ),
            control(
                "Nor the holder who has proven it.",
                "tenants/domains/test_outsiders.py::test_holder_never_learns_who_has_proven_the_domain",
                (
                    _CONTESTS,
                    'await there.audit("domain.contested", "domain_claim", held.id, until=until)',
                    'await there.audit("domain.contested", "domain_claim", held.id, by=str(access.organisation_id))',
                ),
            ),
            control(
                "The provider decides only when both still prove it.",
                "tenants/domains/test_disputes.py::test_nothing_is_decided_where_one_of_both_proves_it_no_more",
                ("tenants/domains/disputes.py", "if not is_proven or is_out:", "if is_out:"),
            ),
        ),
    ),
    Threat(
        "transferred",
        (
            control(
                "In a new epoch, and in quarantine.",
                "tenants/domains/test_contests.py"
                "::test_domain_of_a_silent_holder_passes_in_a_new_epoch_and_in_quarantine",
                (_SETTLING, "None if is_new_to_all else access.now + QUARANTINE", "None"),
            ),
            control(
                "A name that had no holder of its own is in quarantine too when it is taken from one above.",
                "tenants/domains/test_contests.py"
                "::test_name_below_one_that_is_held_with_all_below_is_contested_and_never_simply_overridden",
                (_SETTLING, "epoch == 1 and not is_from_another", "epoch == 1"),
            ),
            control(
                "New sign-ups are enrolled at once.",
                "tenants/account_claims/test_quarantine.py::test_who_is_new_joins_in_quarantine",
                (
                    "tenants/account_claims/policies.py",
                    "return self.is_proven and self.enrolment in",
                    "return self.epoch_since is None and self.is_proven and self.enrolment in",
                ),
            ),
            control(
                "The former holder holds it no more.",
                "tenants/domains/test_contests.py"
                "::test_domain_of_a_silent_holder_passes_in_a_new_epoch_and_in_quarantine",
                (_SETTLING, "            await end_silent_holder(access, claim, rival)\n", ""),
            ),
        ),
    ),
    Threat(
        "re-check weekly with jitter when healthy, daily in grace",
        (
            control(
                "Not all at once.",
                "tenants/domains/test_life.py::test_healthy_domain_is_looked_up_about_weekly_and_not_all_at_once",
                (_SETTLING, "(1 + _JITTER * (2 * secrets.randbelow(_STEPS) / _STEPS - 1))", "1"),
            ),
            control(
                "Daily in grace.",
                "tenants/domains/test_life.py::test_domain_is_looked_up_daily_in_grace",
                (_SETTLING, "check_at=access.now + _about(IN_GRACE))", "check_at=access.now + _about(HEALTHY))"),
            ),
        ),
    ),
)
