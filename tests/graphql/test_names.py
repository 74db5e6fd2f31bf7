"""Every text that somebody types is one line, several lines, or something else for a reason: by one rule at every door.

What the schema takes is read from the schema, and each line and text of it is tried with what nobody sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type, is_list_type, is_non_null_type

from tests.graphql.calls import make_api
from tests.graphql.sample import all_populate, all_samples
from tests.graphql.world import make_world
from wardship.app.application import api_schema

pytestmark = pytest.mark.anyio

SCHEMA = api_schema()._schema
INPUTS = {name: found for name, found in SCHEMA.type_map.items() if isinstance(found, GraphQLInputObjectType)}
TEXTS = {
    f"{name}.{key}"
    for name, found in INPUTS.items()
    for key, field in found.fields.items()
    if get_named_type(field.type).name == "String"
}

LINES = {
    "CreateIdentityProviderInput.name",
    "CreateIdentityProviderInput.clientId",
    "UpdateIdentityProviderInput.name",
    "UpdateIdentityProviderInput.clientId",
    "CloseMyOrganisationInput.reason",
    "CreateGroupInput.name",
    "CreateOrganisationInput.name",
    "CreateProvisioningTokenInput.name",
    "CreateSavedViewInput.name",
    "DescribeGroupInput.name",
    "ProfileInput.company",
    "ProfileInput.displayName",
    "ProfileInput.firstName",
    "ProfileInput.jobTitle",
    "ProfileInput.lastName",
    "ProfileInput.title",
    "ProfileInput.username",
    "RenameMyPasskeyInput.name",
    "RenameOrganisationInput.name",
    "RequestVendorClientInput.name",
    "RestoreGroupInput.name",
    "ShareFileInput.name",
    "StopOrganisationInput.reason",
    "UpdateSavedViewInput.name",
    "UpdateOrganisationSettingsInput.grievanceContact",
    "UpdateOrganisationSettingsInput.legalEntity",
}
PROSE = {
    "AddDomainEvidenceInput.text",
    "DecideDomainDisputeInput.reason",
    "ExamineDomainDisputeInput.reason",
    "ApproveRightInput.limitation",
    "ApproveRightInput.reason",
    "CancelErasureInput.reason",
    "CompleteClosingTaskInput.evidence",
    "CompleteManualTaskInput.evidence",
    "CreateGroupInput.description",
    "CreatePostInput.source",
    "DeleteFileInput.reason",
    "DeletePostInput.reason",
    "DescribeGroupInput.description",
    "EditPostInput.source",
    "EraseRemainderInput.reason",
    "ExtendRequestInput.reason",
    "GiveUpManualTaskInput.reason",
    "LiftRestrictionInput.reason",
    "ProfileInput.postalAddress",
    "ReasonedRequestInput.reason",
    "RefuseRightInput.reason",
    "ReopenManualTaskInput.reason",
}
OTHERS = {
    "CreateSavedViewInput.address": "the query of an address, in ASCII",
    "CreateSavedViewInput.page": "the path of a page, in ASCII",
    "UpdateSavedViewInput.address": "the query of an address, in ASCII",
    "AcceptMergerInput.digest": "64 hexadecimal digits",
    "OfferMergerInput.into": "letters, digits and hyphens",
    "AddStaffInput.email": "an address",
    "CreateIdentityProviderInput.issuer": "an address of the web, in ASCII",
    "CreateIdentityProviderInput.clientSecret": "ASCII, which the provider made",
    "CreateIdentityProviderInput.acrValues": "ASCII, which the provider made",
    "CreateIdentityProviderInput.hostedDomain": "a domain, by the rules of domain names",
    "UpdateIdentityProviderInput.issuer": "an address of the web, in ASCII",
    "UpdateIdentityProviderInput.clientSecret": "ASCII, which the provider made",
    "UpdateIdentityProviderInput.acrValues": "ASCII, which the provider made",
    "UpdateIdentityProviderInput.hostedDomain": "a domain, by the rules of domain names",
    "ChooseContactAddressInput.email": "an address",
    "ChooseNoticesInput.turnedOff": "names of kinds of notices",
    "ClaimDomainInput.name": "a domain, by the rules of domain names",
    "CloseInsteadInput.email": "an address, to show that it is meant",
    "CloseMyAccountInput.email": "an address, to show that it is meant",
    "CloseMyOrganisationInput.slug": "letters, digits and hyphens",
    "CompleteClosingTaskInput.organisation": "a slug",
    "CorrectMemberEmailInput.email": "an address",
    "CreateOrganisationInput.ownerEmail": "an address",
    "CreateOrganisationInput.slug": "letters, digits and hyphens",
    "ManagedOrganisationInput.organisation": "a slug",
    "RemoveStaffInput.email": "an address",
    "RegisterRemoteIntegrationInput.url": "an address of the web, in ASCII or IDNA",
    "RequestVendorClientInput.integration": "the key of an integration",
    "RequestVendorClientInput.redirectUris": "addresses, by a rule of their own in printable ASCII",
    "RotateSecretInput.name": "the name of a field of the form",
    "RotateSecretInput.value": "what the vendor made, as it is",
    "ReopenMyOrganisationInput.slug": "letters, digits and hyphens",
    "StopOrganisationInput.organisation": "a slug",
    "AddMyAddressInput.email": "an address: by its own rule, which holds no such sign",
    "ApproveDeclarationInput.declarationDigest": "hexadecimal",
    "ApproveRightInput.fields": "names of columns",
    "AskedRightInput.purpose": "a key of the taxonomy",
    "CategoryGrantInput.category": "a key of the taxonomy",
    "CategoryGrantInput.purpose": "a key of the taxonomy",
    "ChangedSettingInput.name": "a field of an integration's form",
    "ChangedSettingInput.value": "checked by the integration's form; a password may hold anything",
    "CommitErasureInput.digest": "hexadecimal",
    "RemoveMemberInput.digest": "hexadecimal",
    "UninstallIntegrationInput.digest": "hexadecimal",
    "WithdrawGrantInput.digest": "hexadecimal",
    "CorrectedFieldInput.name": "a field of the profile",
    "CorrectedFieldInput.value": "by the rule of the field: see the test of corrections",
    "GiveConsentInput.category": "a key of the taxonomy",
    "GiveConsentInput.purpose": "a key of the taxonomy",
    "GrantCategoryInput.category": "a key of the taxonomy",
    "GrantCategoryInput.purpose": "a key of the taxonomy",
    "GroupRuleConditionInput.values": "compared with what is there in one form: see the tests of rules",
    "ImportRowInput.email": "an address",
    "InstallIntegrationInput.declarationDigest": "hexadecimal",
    "ApproveRemoteIntegrationInput.declarationDigest": "hexadecimal",
    "InstallIntegrationInput.integration": "the key of an integration",
    "InviteMemberInput.email": "an address",
    "LimitationInput.categories": "keys of the taxonomy",
    "LimitationInput.columns": "names of columns",
    "LimitationInput.reason": "prose, of a right of access: see the test of limitations",
    "MemberFilterInput.namePrefix": "sought, not kept",
    "AuditFilterInput.action": "sought, not kept",
    "MemberFilterInput.search": "sought, not kept",
    "ObjectInput.purpose": "a key of the taxonomy",
    "PassageInput.text": "a passage as it stands in a text that is there",
    "ProfileInput.phone": "digits and separators",
    "ProfileInput.pictureUrl": "an https address",
    "SetGroupRuleInput.fingerprint": "hexadecimal",
    "SettingInput.name": "a field of an integration's form",
    "SettingInput.value": "checked by the integration's form; a password may hold anything",
    "ShareFileInput.mediaType": "a media type",
    "ShareFileInput.url": "an https address",
    "SubmitRequestInput.country": "a country code",
    "SubmitRequestInput.workCountry": "a country code",
    "UpdateMyPreferencesInput.language": "a language of the console",
    "UpdateMyAccountInput.residenceCountry": "a code of ISO 3166",
    "UpdateMyAccountInput.timeZone": "a name of the IANA database",
    "UpdateOrganisationSettingsInput.forbiddenCountries": "country codes",
    "VerifyMyAddressInput.token": "a secret that was mailed",
    "VerifyRequestIdentityInput.code": "digits that were mailed",
}
"""Texts that are no name and no prose, each with what it is."""


NOT_THEIRS = {"PERMISSION_DENIED", "NOT_FOUND", "NOT_IN_GROUP", "NOT_YOURS", "NOT_WITH_YOU"}
"""What is answered to somebody whose it is not to do."""


def test_every_text_of_the_schema_is_a_line_or_prose_or_says_what_else():
    assert {*LINES, *PROSE, *OTHERS} == TEXTS
    assert len(LINES) + len(PROSE) + len(OTHERS) == len(TEXTS)


Place = tuple[str, ...]
REST = {"rows": {"email": "another@elsewhere.example.org"}}
"""What an object of a list has besides, by the name of the list, where the sample gives none."""


def _places(kind: Any, wanted: set[str], seen: frozenset[str] = frozenset()) -> Iterator[tuple[str, Place]]:
    """Yield each wanted text below an input type, with the keys that lead there; ``[]`` stands for a list."""
    for key, field in kind.fields.items():
        inner = get_named_type(field.type)
        listed = ("[]",) if is_list_type(field.type.of_type if is_non_null_type(field.type) else field.type) else ()
        if f"{kind.name}.{key}" in wanted:
            yield f"{kind.name}.{key}", (key, *listed)
        elif isinstance(inner, GraphQLInputObjectType) and inner.name not in seen:
            for name, place in _places(inner, wanted, seen | {inner.name}):
                yield name, (key, *listed, *place)


def _put(given: Any, place: Place, value: str, name: str = "") -> Any:
    """Return what was given with a value at a place, the first of a list."""
    if not place:
        return value
    if place[0] == "[]":
        first, *others = given or [REST.get(name, {})]
        return [_put(first, place[1:], value), *others]
    return {**(given or {}), place[0]: _put((given or {}).get(place[0]), place[1:], value, place[0])}


def _tried(sample, world, place: Place, value: str) -> tuple[str, dict[str, Any]]:
    kind = next(iter(SCHEMA.mutation_type.fields[sample.field].args.values())).type
    rows = "rows { error { code message } }" if sample.field == "importMembers" else ""
    text = f"mutation($input: {kind}) {{ {sample.field}(input: $input) {{ {rows} errors {{ code message }} }} }}"
    return text, {"input": _put(deepcopy(sample.variables(world)["input"]), place, value)}


def _refusals(response: dict[str, Any], field: str) -> list[dict[str, Any]]:
    payload = response["data"][field]
    return payload["errors"] + [row["error"] for row in payload.get("rows", ()) if row["error"]]


@pytest.fixture
async def world(services, owner):
    return await make_world(services, owner, "Alpha", all_populate())


async def _try_all(services, world, wanted: set[str], value: str) -> dict[str, list[dict[str, Any]]]:
    """Return what each place of each mutation answered to somebody who may call it."""
    api, found = make_api(services), {}
    for sample in all_samples():
        if not sample.document.startswith("mutation"):
            continue
        kind = get_named_type(next(iter(SCHEMA.mutation_type.fields[sample.field].args.values())).type)
        for name, place in _places(kind, wanted):
            async with sample.around(world):
                for name_of_actor in ("owner", "member", "privacy_team", "operator", "vendor"):
                    actor = world.actors()[name_of_actor]
                    text, variables = _tried(sample, world, place, value)
                    response = await api.call(actor, text, **variables)
                    assert "errors" not in response, (sample.field, name, response)
                    refusals = _refusals(response, sample.field)
                    if not {item["code"] for item in refusals} <= NOT_THEIRS:
                        break
            found[f"{sample.field}: {name}"] = refusals
    return found


def _said(found: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    return {place: " ".join(f"{item['code']} {item['message']}" for item in items) for place, items in found.items()}


@pytest.mark.parametrize("value", ["Ann\u202eyaR", "\u2066Ann Ray"])
async def test_signs_that_reorder_are_refused_wherever_a_name_or_prose_is_typed(services, world, value):
    said = _said(await _try_all(services, world, LINES | PROSE, value))
    sign = next(f"U+{ord(letter):04X}" for letter in value if ord(letter) > 0x2000)
    assert {place: text for place, text in said.items() if f"INVALID_INPUT This holds {sign}" not in text} == {}
    assert {place.partition(": ")[2] for place in said} == LINES | PROSE, "each is tried by some mutation"


async def test_control_characters_are_refused_wherever_a_name_or_prose_is_typed(services, world):
    said = _said(await _try_all(services, world, LINES | PROSE, "Ann\x00Ray"))
    assert {place: text for place, text in said.items() if "INVALID_INPUT Control characters" not in text} == {}


async def test_names_and_reasons_that_show_nothing_are_refused(services, world):
    said = _said(await _try_all(services, world, LINES, "Ann\u200bRay"))
    assert {place: text for place, text in said.items() if "U+200B" not in text} == {}


@pytest.mark.parametrize("value", ["علی‌رضا", "ශ්‍රී"])
async def test_joiners_that_scripts_need_are_accepted_in_every_name(services, world, value):
    found = await _try_all(services, world, LINES, value)
    assert {place: items for place, items in found.items() if any(i["code"] == "INVALID_INPUT" for i in items)} == {}
