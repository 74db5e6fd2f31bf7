"""Threats against accounts and organisations: who joins, what outsiders learn, and what ends with an organisation."""

from __future__ import annotations

from tests.threats.control import Threat, control

_ACCOUNTS = "tenants/migrations/m0034_account_claims.py"
_DIRECTORY = "tenants/migrations/m0031_domains.py"
_JUDGING = "tenants/single_sign_on/judging.py"
_ADDRESSES = (
    "tenants/single_sign_on/test_signing_in.py"
    "::test_an_address_that_is_not_proven_or_not_the_organisations_admits_nobody"
)
_UNPROVEN = "tenants/account_claims/test_enrolment.py::test_address_that_is_not_proven_or_not_primary_joins_nothing"
_ALIKE = "tenants/domains/test_outsiders.py::test_claim_of_a_held_domain_and_of_a_free_one_are_alike"
_RLS = (
    "core/migrations/m0001_directory.py",
    (
        "        using (organisation_id = (select current_tenant()))\n"
        "        with check (organisation_id = (select current_tenant()))', name);"
    ),
    "        using (true) with check (true)', name);",
)

OF_ORGANISATIONS = (
    Threat(
        "join on an unverified or provider-asserted address",
        (
            control(
                "A policy looks at a proven primary address alone: the database notes no other, and the worker reads no"
                " other.",
                _UNPROVEN,
                (
                    _ACCOUNTS,
                    "for each row when (new.is_primary and new.verified_at is not null) execute",
                    "for each row execute",
                ),
                (
                    _ACCOUNTS,
                    "cross join coalesce(new.proven_at, new.verified_at) as moment",
                    "cross join coalesce(new.proven_at, new.verified_at, new.created_at) as moment",
                ),
                (
                    "tenants/account_claims/enrolment.py",
                    "on e.account_id = p.account_id and e.is_primary and e.verified_at is not null",
                    "on e.account_id = p.account_id",
                ),
                (
                    "tenants/account_claims/enrolment.py",
                    "greatest(e.verified_at, e.proven_at) as",
                    "greatest(e.verified_at, e.proven_at, e.created_at) as",
                ),
            ),
            control(
                "A grouping asks those of proven primary addresses alone.",
                _UNPROVEN,
                (_ACCOUNTS, "where m.is_primary and m.verified_at is not null\n", "where true\n"),
            ),
            control(
                "A provider is believed only where it says that the address is proven.",
                _ADDRESSES,
                (_JUDGING, "if not person.is_email_verified:", "if False:"),
            ),
            control(
                "And only at a domain that the organisation has proven.",
                _ADDRESSES,
                (_JUDGING, "if holder is None or holder.organisation_id != access.organisation_id:", "if False:"),
            ),
            control(
                "An account that exists is asked, not taken over.",
                "tenants/single_sign_on/test_signing_in.py"
                "::test_an_account_that_exists_is_never_taken_over_by_an_address",
                (
                    "tenants/single_sign_on/admitting.py",
                    (
                        "        return Offer(access.organisation_id, account_id, person.issuer, person.subject,"
                        " address, may_join=True)\n"
                    ),
                    (
                        "        offer = Offer(\n"
                        "            access.organisation_id, account_id, person.issuer, person.subject, address,"
                        " may_join=True\n"
                        "        )\n"
                        "        return await connect_identity(access, call, provider, offer) or offer\n"
                    ),
                ),
            ),
            control(
                "A directory gives no account by an address.",
                "tenants/scim/test_people.py::test_account_with_the_address_is_not_taken_over",
                (
                    "tenants/scim/storage.py",
                    "self._services.database.tenant(self._actor.organisation_id)",
                    "self._services.database.tenant(self._actor.organisation_id, directory=True)",
                ),
                (
                    "tenants/provisioning/people.py",
                    'new = NewMember(profile.pop("display_name"), email, profile=profile)',
                    (
                        "held = await access.transaction.fetchval(\n"
                        '        "select account_id from account_email where address = $1", email)\n'
                        '    new = NewMember(profile.pop("display_name"), email, held, profile=profile)'
                    ),
                ),
            ),
        ),
    ),
    Threat(
        'existence oracles ("is this company a customer?") in answers, timing and unique-key errors',
        (
            control(
                "A claim is answered without a look at who holds the domain.",
                _ALIKE,
                (
                    "tenants/domains/claiming.py",
                    "    challenge = await _challenge(access, domain, scope)\n    claim = await access",
                    (
                        "    if await access.fetchval(\n"
                        '        "select exists (select from domain_holder($2, array[]::text[]))"\n'
                        '        " and $1::uuid is not null", domain):\n'
                        '        raise DomainClaimedError("Somebody holds it.")\n'
                        "    challenge = await _challenge(access, domain, scope)\n    claim = await access"
                    ),
                ),
            ),
            control(
                "No key that a claim can meet is another organisation's.",
                _ALIKE,
                (
                    _DIRECTORY,
                    "domain_claim_holder on domain_claim (name) where state in ('verified', 'grace')",
                    "domain_claim_holder on domain_claim (name) where state in ('pending', 'verified', 'grace')",
                ),
            ),
            control(
                "The directory of domains is read one name at a time, by nobody but functions of the database.",
                "tenants/domains/test_outsiders.py::test_directory_of_domains_is_not_listed_even_by_the_serving_role",
                (_DIRECTORY, "revoke all on domain from wardship_serve;\n", ""),
            ),
            control(
                "Domains, policies, groupings and claims of others are found as little as those of nobody.",
                "tenants/account_claims/test_outsiders.py::test_what_another_holds_is_found_as_little_as_what_nobody_holds",
                _RLS,
                (
                    "tenants/domains/read.py",
                    '" where organisation_id = $1 and id = $2 "',
                    '" where $1::uuid is not null and id = $2 "',
                ),
            ),
            control(
                "A policy acts after the answer: who proves an address is answered alike wherever it is.",
                "tenants/account_claims/test_outsiders.py::test_who_registers_is_answered_alike_whatever_the_policy",
                (
                    _ACCOUNTS,
                    "        insert into proven_mailbox (id, created_at, account_id, is_new, due_at)\n",
                    (
                        "        raise exception 'the holder of this domain wants something of it';\n"
                        "        insert into proven_mailbox (id, created_at, account_id, is_new, due_at)\n"
                    ),
                ),
            ),
        ),
    ),
    Threat(
        "mass claim followed by mass export",
        (
            control(
                "Of an account that is claimed the address at the domain is shown, and no other.",
                "tenants/account_claims/test_choices.py"
                "::test_who_moves_away_keeps_the_account_and_no_address_at_the_domain",
                (
                    _ACCOUNTS,
                    (
                        "            and (split_part(e.address, '@', -1) = mail_domain(d.name)\n"
                        "                or (d.scope = 'subtree' and split_part(e.address, '@', -1) like"
                        " '%.' || mail_domain(d.name)))\n"
                        "    order by e.is_primary"
                    ),
                    "    order by e.is_primary",
                ),
            ),
            control(
                "Who has not chosen is no member.",
                "tenants/account_claims/test_threats.py::test_undecided_accounts_are_seen_no_further",
                (
                    "tenants/account_claims/write.py",
                    "to, wanted = _S.UNDECIDED.value,",
                    "to, wanted = _S.MANAGED.value,",
                ),
            ),
            control(
                "A domain that is not proven groups nobody.",
                "tenants/account_claims/test_threats.py::test_expired_domain_groups_nobody_and_what_was_asked_is_over",
                ("tenants/account_claims/policies.py", "if domain.state is not ClaimState.VERIFIED:", "if False:"),
            ),
            control(
                "It takes nobody in either.",
                "tenants/account_claims/test_enrolment.py"
                "::test_automatic_join_waits_while_the_domain_is_in_its_grace_period",
                (_ACCOUNTS, "c.state = 'verified' and o.state = 'active',", "o.state = 'active',"),
            ),
            control(
                "In its grace period nobody who joined by it is given a role or removed.",
                "tenants/account_claims/test_boundary.py"
                "::test_grace_period_freezes_what_administrators_do_with_joined_members",
                (
                    "tenants/members/boundary.py",
                    "if await frozen_among(access, member_ids, is_removal=is_removal):",
                    "if False:",
                ),
            ),
            control(
                "A grouping needs the second factor.",
                "tenants/account_claims/test_groupings.py::test_grouping_needs_the_second_factor_and_the_role",
                (
                    "tenants/account_claims/policies.py",
                    "    access.require_step_up()\n    domain = await find_claim",
                    "    domain = await find_claim",
                ),
            ),
            control(
                "What a member did before, administrators see by no door.",
                "tenants/account_claims/test_every_door.py::test_no_door_shows_administrators_what_was_before",
                (
                    "tenants/members/boundary.py",
                    '" and (b.concealed_at is not null or b.visible_from > {moment})"',
                    '" and b.concealed_at is not null and {moment} is not null"',
                ),
            ),
            control(
                "Nor does an administrator who goes into its group see what was shared there before.",
                "tenants/account_claims/test_boundary.py"
                "::test_administrator_who_goes_into_the_group_reads_nothing_earlier",
                ("tenants/content/visibility.py", " and {since} <= {alias}.created_at", " and {since} is not null"),
            ),
        ),
    ),
    Threat(
        "invitation link forwarded, or built from the Host header",
        (
            control(
                "Only who has proven the invited address accepts.",
                "tenants/invitations/test_invitations.py::test_forwarded_link_is_refused",
                ("tenants/invitations/accept.py", "if invitation.email not in addresses:", "if False:"),
            ),
            control(
                "The link is built from the deployment's own address, whatever host the caller names.",
                "tenants/invitations/test_host.py::test_link_leads_to_the_deployment_whatever_host_the_caller_names",
                (
                    "tenants/invitations/invite.py",
                    'link = f"{access.services.settings.public_url}/invitations/{token}"',
                    'link = f"http://evil.example/invitations/{token}"',
                ),
            ),
        ),
    ),
    Threat(
        "SCIM token of one organisation used on another, or removing the last owner",
        (
            control(
                "A directory acts in the organisation of its token: the database isolates the others.",
                "tenants/scim/test_outsiders.py::test_ids_of_another_organisation_are_found_as_little_as_ids_of_nobody",
                _RLS,
                (
                    "tenants/scim/searches.py",
                    "x where x.organisation_id = $1 and x.id = seed.id limit 1",
                    "x where $1::uuid is not null and x.id = seed.id limit 1",
                ),
                (
                    "tenants/scim/groups.py",
                    "g.organisation_id = $1 and g.managed_by",
                    "$1::uuid is not null and g.managed_by",
                ),
            ),
            control(
                "It touches no owner.",
                "tenants/scim/test_people.py::test_owner_is_neither_changed_nor_deactivated_nor_removed",
                (
                    "tenants/members/ranks.py",
                    (
                        "if rank(held) >= own_rank(access):\n        raise NotBelowYouError(\n"
                        "            \"This member's role"
                    ),
                    "if False:\n        raise NotBelowYouError(\n            \"This member's role",
                ),
            ),
            control(
                "Nor the last administrator.",
                "tenants/scim/test_people.py::test_last_administrator_is_neither_deactivated_nor_removed",
                (
                    "tenants/members/admins.py",
                    "if capable & leaving and not capable - leaving:",
                    "if False:",
                ),
            ),
        ),
    ),
    Threat(
        "two verifications or two owner removals at the same moment",
        (
            control(
                "A name is locked before it is given to somebody.",
                "tenants/domains/test_contests.py::test_fifty_verifications_of_one_name_at_once_make_one_holder",
                (_DIRECTORY, "    perform from domain d where d.name = wanted for update;\n", ""),
            ),
            control(
                "The database itself lets one claim hold a name.",
                "tenants/domains/test_contests.py::test_database_itself_lets_one_claim_hold_a_name",
                (_DIRECTORY, "create unique index domain_claim_holder", "create index domain_claim_holder"),
            ),
            control(
                "Those who can administer are locked before one of them goes.",
                "tenants/members/test_roles.py::test_fifty_at_once_do_not_remove_the_last_two",
                (
                    "tenants/members/admins.py",
                    "({_CAPABLE})) order by m.id for no key update of m",
                    "({_CAPABLE})) order by m.id",
                ),
            ),
        ),
    ),
    Threat(
        "a deleted organisation that still holds a claim",
        (
            control(
                "An organisation that ends lets go of its domains.",
                "tenants/domains/test_contests.py::test_organisation_that_ends_lets_go_of_every_domain",
                (
                    "tenants/organisation_lifecycle/closing.py",
                    "    await release_all_domains(here)\n",
                    "",
                ),
            ),
            control(
                "And of what it asked of accounts.",
                "tenants/account_claims/test_threats.py::test_organisation_that_ends_keeps_no_claim_to_an_account",
                (
                    "tenants/account_claims/following.py",
                    "    await move_claims_of_domain(access, domain_id, ASKED, AccountClaimState.RELEASED, told)\n",
                    "",
                ),
            ),
        ),
    ),
)
