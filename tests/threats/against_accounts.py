"""The claim of an account: its states and rules in the design, and what holds each."""

from __future__ import annotations

from tests.threats.control import Threat, control

_SQL = "tenants/migrations/m0034_account_claims.py"
_CHOICES = "tenants/account_claims/choices.py"
_GROUPINGS = "tenants/account_claims/groupings.py"
_TESTS = "tenants/account_claims/"
_BOUNDARY = _TESTS + "test_boundary.py::test_administrator_reads_what_was_written_since_the_joining_alone"

RULES = (
    Threat(
        "only a mailbox proven in the current epoch matches; aliases and secondary addresses do not",
        (
            control(
                "Primary addresses alone are counted.",
                _TESTS + "test_groupings.py::test_preview_counts_by_kind_and_names_asks_and_tells_nobody",
                (_SQL, "where m.is_primary and m.verified_at is not null\n", "where m.verified_at is not null\n"),
            ),
            control(
                "Names below are another's, unless they were proven and are wanted.",
                _TESTS + "test_groupings.py::test_preview_counts_by_kind_and_names_asks_and_tells_nobody",
                (
                    _SQL,
                    (
                        "d.epoch_since,\n        d.backwards || case when d.scope = 'subtree' and p.is_for_subtree"
                        " then '/' else chr(1) end as ceiling\n    into g from domain_claim c"
                    ),
                    "d.epoch_since,\n        d.backwards || '/' as ceiling\n    into g from domain_claim c",
                ),
                (
                    _SQL,
                    "when e.rd <> g.backwards and holding_claim(e.rd) is distinct from g.domain_id then",
                    "when false then",
                ),
            ),
        ),
    ),
    Threat(
        "identity is (issuer, subject), never an e-mail address",
        (
            control(
                "Who comes back is known by issuer and subject.",
                "tenants/single_sign_on/test_signing_in.py"
                "::test_the_same_person_comes_back_by_issuer_and_subject_whatever_the_address_is_now",
                (
                    "tenants/single_sign_on/admitting.py",
                    "    if known is not None:\n        await _require_active",
                    "    if known is not None and person.is_email_verified:\n        await _require_active",
                ),
            ),
        ),
    ),
    Threat(
        "joining never raises a role",
        (
            control(
                "Who stays loses what a prepared membership had been given.",
                _TESTS + "test_choices.py::test_who_stays_gets_no_role_that_a_prepared_membership_had",
                (
                    _CHOICES,
                    "member_id = await join_as_plain_member(there, address)",
                    "from wardship.tenants.members.join import join\n\n    member_id = await join(there, address)",
                ),
            ),
        ),
    ),
    Threat(
        "an administrator sees what a member did from the claim on; earlier content only with that member's consent",
        (
            control(
                "The boundary is the moment of the joining.",
                _BOUNDARY,
                (_CHOICES, "    await set_boundary(there, member_id, there.now)\n    await reveal", "    await reveal"),
            ),
            control(
                "So it is for who became a member by another way while asked.",
                _TESTS + "test_boundary.py::test_who_answers_by_an_invitation_has_the_same_boundary",
                (
                    "tenants/account_claims/following.py",
                    '        await set_boundary(access, row["member_id"], access.now)\n',
                    "",
                ),
            ),
            control(
                "Content from before it is hidden.",
                _BOUNDARY,
                (
                    "tenants/content/visibility.py",
                    'hidden = behind_boundary(f"{alias}.{author}", f"{alias}.created_at")\n        return',
                    'hidden = "false"\n        return',
                ),
            ),
            control(
                "Consent can be taken back.",
                _TESTS + "test_boundary.py::test_consent_shows_what_was_before_and_its_withdrawal_hides_it_again",
                (_CHOICES, "None if is_shared else claim.managed_at)", "None)"),
            ),
            control(
                "When the member was seen before is hidden.",
                _TESTS + "test_boundary.py::test_when_the_member_was_seen_before_is_not_shown",
                ("tenants/members/visibility.py", 'if column == "last_seen_at":', "if False:"),
            ),
        ),
    ),
    Threat(
        "the notice goes by mail and in the product, with the three choices and the date",
        (
            control(
                "It names the date, is repeated twice, and says when the time is over.",
                "tenants/telling/test_account_claims.py"
                "::test_person_is_told_of_the_choices_with_the_date_reminded_twice_and_told_that_it_is_over",
                (
                    "tenants/account_claims/grouping_job.py",
                    '"domain": in_words(domain.name), "until": until}',
                    '"domain": in_words(domain.name), "until": access.now}',
                ),
            ),
        ),
    ),
    Threat(
        "the administrator sees a dry-run count first",
        (
            control(
                "What is begun is a preview that was not begun before.",
                _TESTS + "test_threats.py::test_two_groupings_begun_at_the_same_moment_are_one",
                (_SQL, "create unique index domain_grouping_open", "create index domain_grouping_open"),
                (
                    _GROUPINGS,
                    "exists (select from domain_grouping where organisation_id = $1 and domain_id = $2",
                    "$1::uuid is null and exists (select from domain_grouping where domain_id = $2",
                ),
            ),
            control(
                "It is no older than an hour.",
                _TESTS + "test_groupings.py::test_preview_is_too_old_after_an_hour",
                (_GROUPINGS, "PREVIEWED or is_old or preview.epoch", "PREVIEWED or preview.epoch"),
            ),
            control(
                "Who proves an address later is not in it.",
                _TESTS + "test_groupings.py::test_grouping_asks_exactly_what_the_preview_counted",
                (_SQL, " and e.verified_at <= g.created_at\n", "\n"),
            ),
        ),
    ),
    Threat(
        "grouping is one set operation, with progress reported",
        (
            control(
                "It goes on where the last batch ended.",
                _TESTS + "test_groupings.py::test_batches_go_on_where_the_last_one_ended",
                (
                    _SQL,
                    "(e.rd, e.account_id) > (g.at_domain, g.at_account)",
                    "(e.rd, e.account_id) > ('', g.domain_id)",
                ),
            ),
            control(
                "Two workers take turns.",
                _TESTS + "test_groupings.py::test_two_workers_at_the_same_moment_ask_everybody_once",
                (
                    _SQL,
                    "    for update of o skip locked;\n    if not found then return; end if;\n",
                    ";\n    if not found then return; end if;\n",
                ),
                (
                    _GROUPINGS,
                    'for no key update skip locked"',
                    '"',
                ),
            ),
        ),
    ),
    Threat(
        "undecided: must choose at next sign-in; until then the admin sees address and status only",
        (
            control(
                "Who has not chosen reaches no organisation.",
                _TESTS + "test_must_choose.py::test_who_did_not_choose_reaches_no_organisation_at_the_next_sign_in",
                (
                    "tenants/migrations/m0043_choice_at_sign_in.py",
                    "                when k.must_choose and o.id <> THE_PROVIDER then 'choice'\n",
                    "",
                ),
            ),
            control(
                "The time is over by the clock.",
                _TESTS + "test_choices.py::test_person_is_reminded_twice_and_then_has_to_choose",
                (
                    "tenants/account_claims/clocks.py",
                    "    if late := await end_late_claims(access, domain.id, told):\n",
                    "    if late := 0 and told and end_late_claims:\n",
                ),
            ),
        ),
    ),
    Threat(
        "detached, closed, exempt: nobody is asked twice",
        (
            control(
                "Who has answered is known by a digest, and counted as asked.",
                _TESTS + "test_choices.py::test_who_closes_the_account_is_no_member_and_not_asked_again",
                (
                    _SQL,
                    (
                        "a.state = 'active' and a.closes_at is null\n"
                        "        where (e.rd = g.backwards or e.rd >= g.backwards || '.') and e.verified_at <= at"
                    ),
                    "true\n        where (e.rd = g.backwards or e.rd >= g.backwards || '.') and e.verified_at <= at",
                ),
                (
                    _SQL,
                    "            and (k.state <> 'released' or k.member_id is not null)) then 'claimed'",
                    "            and false) then 'claimed'",
                ),
            ),
            control(
                "Only the owner of the account chooses.",
                _TESTS + "test_choices.py::test_only_the_owner_of_the_account_chooses",
                (
                    "tenants/migrations/m0048_scope_of_claims.py",
                    "where k.account_id = account\n",
                    "where account is not null\n",
                ),
                (_CHOICES, "if claim is None or claim.account_id != account_id:", "if claim is None:"),
            ),
            control(
                "Moving away leads to an address that is not at the domain.",
                _TESTS + "test_choices.py::test_moving_to_another_address_at_the_domain_is_refused_and_changes_nothing",
                (_CHOICES, "if own.covers(chosen.address):", "if False:"),
            ),
        ),
    ),
    Threat(
        "released (left, domain lost, removed); a tombstone stops silent re-join",
        (
            control(
                "Who was removed is not asked again.",
                _TESTS + "test_choices.py::test_claim_is_released_with_the_membership_and_never_made_again",
                (
                    _SQL,
                    (
                        "            where account_claim.state = 'released' and account_claim.member_id is null\n"
                        "        returning account_claim.id"
                    ),
                    "            where account_claim.state = 'released'\n        returning account_claim.id",
                ),
            ),
            control(
                "The claim is released with the membership.",
                _TESTS + "test_choices.py::test_claim_is_released_with_the_membership_and_never_made_again",
                ("tenants/account_claims/following.py", "    if ENDED in columns:\n", "    if False:\n"),
            ),
            control(
                "Who was erased does not join by a new account.",
                _TESTS + "test_enrolment.py::test_who_was_erased_there_does_not_join_by_a_new_account",
                ("tenants/account_claims/enrolment.py", "if known.is_address or known.others or", "if"),
            ),
            control(
                "With the domain the claims are released.",
                _TESTS + "test_boundary.py::test_after_the_domain_is_released_a_member_decides_to_be_seen_again",
                ("tenants/account_claims/following.py", "    if is_for_good:\n", "    if False:\n"),
            ),
        ),
    ),
)
