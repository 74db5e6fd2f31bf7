"""Threats against domains: what may be claimed, what proves it, and who holds it."""

from __future__ import annotations

from tests.threats.control import Threat, control

_NAMES = "tenants/domains/names.py"
_PROOF = "tenants/domains/proof.py"
_SETTLING = "tenants/domains/settling.py"
_RESOLVERS = "tenants/domains/resolvers.py"
_CLAIMING = "tenants/domains/claiming.py"
_DIRECTORY = "tenants/migrations/m0031_domains.py"
_ACCOUNTS = "tenants/migrations/m0034_account_claims.py"
_REFUSED = "tenants/domains/test_names.py::test_domain_that_is_no_organisations_is_refused"
_HANDS = (
    "tenants/account_claims/test_enrolment.py"
    "::test_domain_that_changes_hands_gives_nothing_of_earlier_accounts_until_proven_again_and_accepted"
)
_SOLD = "tenants/domains/test_life.py::test_domain_that_expired_and_was_sold_is_the_new_holders_in_a_new_epoch"

OF_DOMAINS = (
    Threat(
        "squatting a name that can't be proven",
        (
            control(
                "A claim alone keeps nobody out: the one holder of a name is a claim that was proven.",
                "tenants/domains/test_claims.py::test_claims_alone_keep_nobody_out",
                (
                    _DIRECTORY,
                    "domain_claim_holder on domain_claim (name) where state in ('verified', 'grace')",
                    "domain_claim_holder on domain_claim (name) where state in ('pending', 'verified', 'grace')",
                ),
            ),
            control(
                "A claim that nobody proves ends.",
                "tenants/domains/test_claims.py::test_claim_that_nobody_proves_ends_after_a_week",
                (
                    "tenants/domains/clocks.py",
                    "if claim.state_until is not None and claim.state_until <= access.now:",
                    "if False:",
                ),
            ),
            control(
                "Ten claims wait at most.",
                "tenants/domains/test_claims.py::test_ten_claims_wait_at_most",
                (_CLAIMING, "if await access.fetchval(_PENDING) >= MOST_PENDING:", "if False:"),
            ),
            control(
                "Five looks a minute are asked for at most.",
                "tenants/domains/test_claims.py::test_five_looks_a_minute_are_asked_for_at_most",
                (_CLAIMING, "    await _admit(access)\n", ""),
            ),
            control(
                "A name that was only typed does not come into the directory.",
                "tenants/domains/test_claims.py::test_name_that_was_never_proven_does_not_come_into_the_directory",
                (_SETTLING, "look.finding is Finding.PROVEN or check.is_contested", "True"),
            ),
        ),
    ),
    Threat(
        "consumer and disposable domains",
        (
            control(
                "Mail for everybody is refused.", _REFUSED, (_NAMES, "if is_mail_for_everybody(name):", "if False:")
            ),
            control("Addresses to throw away are refused.", _REFUSED, (_NAMES, "if is_disposable(name):", "if False:")),
        ),
    ),
    Threat(
        "public suffix and shared hosts",
        (
            control(
                "What is no registrable name by the public suffix list is refused.",
                _REFUSED,
                (_NAMES, "if _suffixes().privatesuffix(name) is None:", "if False:"),
            ),
            control(
                "A name below a shared host has to take mail besides.",
                "tenants/domains/test_resolvers.py::test_name_below_a_shared_host_has_to_take_mail_besides",
                (_PROOF, "if is_below_shared_host(name):", "if False:"),
            ),
        ),
    ),
    Threat(
        "parent and subdomain claimed by different organisations (most specific verified claim wins, and never"
        " overrides without a contest)",
        (
            control(
                "Of two that hold a name and one above, the holder of the name answers for an address.",
                "tenants/domains/test_claims.py::test_most_specific_holder_answers_for_an_address",
                (_DIRECTORY, "order by length(d.name) desc limit 1", "order by length(d.name) limit 1"),
            ),
            control(
                "The same is so for its accounts.",
                "tenants/account_claims/test_groupings.py::test_most_specific_holder_has_the_accounts_at_a_name_below",
                (_ACCOUNTS, "order by length(d.backwards) desc limit 1", "order by length(d.backwards) limit 1"),
            ),
            control(
                "A name below one that is held with all below is contested.",
                "tenants/domains/test_contests.py"
                "::test_name_below_one_that_is_held_with_all_below_is_contested_and_never_simply_overridden",
                (
                    "tenants/domains/directory.py",
                    "return None if covering is None or covering.holder_id == organisation_id else covering",
                    "return None",
                ),
            ),
            control(
                "What is claimed with all below is proven by a record of its own.",
                "tenants/domains/test_contests.py::test_record_for_the_name_alone_does_not_prove_all_below",
                ("tenants/domains/records.py", '"_users-below"', '"_users"'),
            ),
        ),
    ),
    Threat(
        "expired and resold domain",
        (
            control(
                "A new holder begins a new epoch.",
                _SOLD,
                (_SETTLING, "own.epoch if is_back else own.epoch + 1", "own.epoch or 1"),
            ),
            control(
                "A domain that was another's is in quarantine.",
                _SOLD,
                (_SETTLING, "None if is_new_to_all else access.now + QUARANTINE", "None"),
            ),
            control(
                "In quarantine nobody is grouped.",
                _HANDS,
                (
                    "tenants/account_claims/groupings.py",
                    "if domain.quarantined_until is not None and domain.quarantined_until > access.now:",
                    "if False:",
                ),
            ),
            control(
                "The quarantine lasts for fourteen days.",
                "tenants/account_claims/test_quarantine.py::test_nobody_is_grouped_for_fourteen_days",
                (_SETTLING, "QUARANTINE: Final = timedelta(days=14)", "QUARANTINE: Final = timedelta(days=13)"),
            ),
            control(
                "Accounts of an earlier epoch are not asked until their mailbox is proven again.",
                _HANDS,
                (
                    _ACCOUNTS,
                    "and (g.epoch_since is null or greatest(e.verified_at, e.proven_at) >= g.epoch_since)",
                    "and true",
                ),
            ),
            control(
                "They are not counted as those to be asked either.",
                _HANDS,
                (
                    _ACCOUNTS,
                    "when g.epoch_since is not null and greatest(e.verified_at, e.proven_at) < g.epoch_since",
                    "when false",
                ),
            ),
            control(
                "Nor does a policy take them.",
                "tenants/account_claims/test_enrolment.py"
                "::test_proof_that_waited_for_an_earlier_holder_is_nothing_to_the_next",
                ("tenants/account_claims/enrolment.py", " and _is_of_this_epoch(proof, policy)", ""),
            ),
        ),
    ),
    Threat(
        "an old TXT republished",
        (
            control(
                "A record that was public before ends no grace period and no suspension.",
                "tenants/domains/test_life.py::test_old_record_published_again_does_not_end_the_grace_period",
                (_SETTLING, "if claim.state in {_S.GRACE, _S.SUSPENDED} and not is_fresh:", "if False:"),
            ),
            control(
                "Nor does one that was issued before the loss.",
                "tenants/domains/test_life.py::test_record_that_was_issued_before_the_loss_is_not_new",
                (
                    "tenants/domains/write.py",
                    "fresh_hash = case when $3 <> 'grace' then fresh_hash end",
                    "fresh_hash = fresh_hash",
                ),
                (
                    "tenants/domains/write.py",
                    "fresh_issued_at = case when $3 <> 'grace' then fresh_issued_at end",
                    "fresh_issued_at = fresh_issued_at",
                ),
            ),
            control(
                "It is no answer to another's proof either.",
                "tenants/domains/test_contests.py::test_old_record_is_no_answer",
                (
                    "tenants/domains/contests.py",
                    "fresh_hash = case when contested_at is not null then fresh_hash end",
                    "fresh_hash = fresh_hash",
                ),
                (
                    "tenants/domains/contests.py",
                    "fresh_issued_at = case when contested_at is not null then fresh_issued_at end",
                    "fresh_issued_at = fresh_issued_at",
                ),
            ),
            control(
                "A renewed record replaces the one before.",
                "tenants/domains/test_claims.py::test_renewed_record_replaces_the_one_before_and_begins_the_week_again",
                (
                    _CLAIMING,
                    "set token_hash = $3, token_issued_at = $4, state_until = $5",
                    "set fresh_hash = $3, token_issued_at = $4, state_until = $5",
                ),
            ),
        ),
    ),
    Threat(
        "forged answer from one resolver",
        (
            control(
                "Two resolvers have to say it.",
                "tenants/domains/test_resolvers.py::test_forged_answer_of_one_resolver_proves_nothing",
                (
                    _PROOF,
                    "return len(told) >= AGREEING or any(answer.is_signed for answer, _ in told)",
                    "return bool(told)",
                ),
            ),
            control(
                "None that could tell may say otherwise.",
                "tenants/domains/test_resolvers.py::test_forged_answer_of_one_resolver_proves_nothing",
                (_PROOF, "if not all(said for _, said in told):", "if not any(said for _, said in told):"),
            ),
            control(
                "Only a resolver that is set as validating vouches for a signature.",
                "tenants/domains/test_resolvers.py"
                "::test_what_says_to_be_signed_counts_from_a_validating_resolver_alone",
                (
                    _RESOLVERS,
                    "return resolver.is_validating and bool(response.flags & dns.flags.AD)",
                    "return bool(response.flags & dns.flags.AD)",
                ),
            ),
            control(
                "The same resolver twice is one.",
                "tenants/domains/test_resolvers.py::test_same_resolver_twice_is_one",
                (_RESOLVERS, "tuple({(each.address, each.port): each for each in named}.values())", "tuple(named)"),
            ),
        ),
    ),
    Threat(
        "dangling CNAME",
        (
            control(
                "An alias that a wildcard gives to every name proves nothing.",
                "tenants/domains/test_resolvers.py::test_alias_for_every_name_proves_nothing",
                (
                    _PROOF,
                    "if any(each.target in targets or each.reply is Reply.RECORDS for each in beside):",
                    "if False:",
                ),
            ),
            control(
                "An alias that leads nowhere is a record that is not there.",
                "tenants/domains/test_resolvers.py::test_dangling_alias_is_a_definite_absence",
                (
                    _RESOLVERS,
                    "return Answer(resolver, Reply.ABSENT, (), is_signed, _shown(name, absent.canonical_name)",
                    "return Answer(resolver, Reply.FAILED, (), is_signed, _shown(name, absent.canonical_name)",
                ),
            ),
            control(
                "Who takes over what it leads to has to wait for the holder's answer.",
                "tenants/domains/test_contests.py::test_who_takes_over_where_the_holders_alias_leads_waits_for_the_holder",
                (_SETTLING, "case _ if rival is not None and claim.state is not _S.GRACE:", "case _ if False:"),
            ),
        ),
    ),
    Threat(
        "a victim tricked into placing our record (service, scope and organisation name are in it)",
        (
            control(
                "The record names service, organisation and scope.",
                "tenants/domains/test_outsiders.py::test_record_says_for_whom_it_is_before_anybody_places_it",
                (
                    "tenants/domains/challenge.py",
                    "{PREFIX}service={service},organisation={slug},scope={scope.value},token={token}",
                    "{PREFIX}token={token}",
                ),
            ),
            control(
                "The whole value counts, not its token alone.",
                "tenants/domains/test_resolvers.py::test_other_record_is_a_definite_absence",
                (
                    "tenants/domains/challenge.py",
                    "plain = plain_value(value)",
                    'plain = plain_value(value).rpartition("=")[2]',
                ),
            ),
        ),
    ),
    Threat(
        "homograph names",
        (
            control(
                "A word that mixes scripts is refused.", _REFUSED, (_NAMES, "if _mixes_scripts(name):", "if False:")
            ),
            control(
                "Who is told of a name reads its form for machines too.",
                "tenants/telling/test_domains.py::test_holder_is_told_that_a_domain_was_proven",
                ("tenants/domains/telling.py", 'f"{shown} ({name})"', "shown"),
            ),
        ),
    ),
    Threat(
        "Unicode folding that differs between Python and PostgreSQL (one canonical form, made once, checked by the"
        " column)",
        (
            control(
                "The form is that of UTS 46, non-transitional.",
                "tenants/domains/test_names.py::test_letters_on_which_transitional_processing_differs_are_kept",
                (_NAMES, "uts46=True, std3_rules=True", "uts46=True, std3_rules=True, transitional=True"),
            ),
            control(
                "The column takes no other.",
                "tenants/domains/test_names.py::test_database_takes_no_other_form",
                (
                    _DIRECTORY,
                    (
                        "not null unique\n        check (name ~ '^[a-z0-9]([a-z0-9-]*[a-z0-9])?"
                        "([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)+$' and length(name) <= 200)"
                    ),
                    "not null unique",
                ),
            ),
            control(
                "The database reads the letters of a domain as the standard has them, for the accounts there.",
                "tenants/account_claims/test_groupings.py::test_addresses_in_letters_of_their_script_are_found",
                (_ACCOUNTS, "generated always as (reverse(mail_domain(name)))", "generated always as (reverse(name))"),
            ),
        ),
    ),
)
