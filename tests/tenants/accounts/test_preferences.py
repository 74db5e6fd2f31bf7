"""How a person wants the console to look and speak: kept with the account, seen and changed by its owner alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.graphql.calls import make_api
from wardship.core.actor import CredentialKind
from wardship.tenants.fulfilment.closed_accounts import erase_closed_accounts

pytestmark = pytest.mark.anyio

ASKED = "{ viewer { preferences { language theme hasLetterKeys } } }"
UPDATE = """mutation($input: UpdateMyPreferencesInput!) { updateMyPreferences(input: $input)
    { errors { code path message } preferences { language theme hasLetterKeys } } }"""
UNSAID = {"language": "", "theme": "SYSTEM", "hasLetterKeys": True}


@pytest.fixture
def api(services):
    return make_api(services)


async def preferences(api, caller):
    return (await api.data(caller, ASKED))["viewer"]["preferences"]


async def update(api, caller, **changes):
    return (await api.data(caller, UPDATE, input=changes))["updateMyPreferences"]


async def test_who_has_said_nothing_has_what_the_browser_and_the_system_ask_for(api, ada):
    assert await preferences(api, ada) == UNSAID


async def test_what_is_left_out_stays(api, ada):
    assert (await update(api, ada, language="de"))["preferences"] == {**UNSAID, "language": "de"}
    assert (await update(api, ada, theme="DARK"))["preferences"] == {**UNSAID, "language": "de", "theme": "DARK"}
    assert (await update(api, ada, hasLetterKeys=False))["preferences"]["hasLetterKeys"] is False
    assert (await update(api, ada))["errors"] == []
    assert await preferences(api, ada) == {"language": "de", "theme": "DARK", "hasLetterKeys": False}
    assert (await update(api, ada, language="", theme="SYSTEM", hasLetterKeys=True))["preferences"] == UNSAID


@pytest.mark.parametrize("language", ["fr", "DE", "de-DE", "de ", "x" * 4000, "\u0000"])
async def test_language_that_the_console_does_not_speak_changes_nothing(api, ada, language):
    answer = await update(api, ada, language=language, theme="DARK")
    (error,) = answer["errors"]
    assert (error["code"], error["path"]) == ("UNKNOWN_LANGUAGE", ["language"])
    assert "en, de" in error["message"]
    assert await preferences(api, ada) == UNSAID


async def test_they_are_those_of_one_account_in_all_organisations(api, ada, admin, owner):
    await update(api, ada, language="de", theme="LIGHT", hasLetterKeys=False)
    assert await preferences(api, admin) == UNSAID
    held = await owner.fetch("select id from account where language <> '' or theme <> '' or not has_letter_keys")
    assert [row["id"] for row in held] == [ada.account_id]


@pytest.mark.parametrize("changes", [{"credential": CredentialKind.TOKEN}, {"is_bound": True}])
async def test_token_and_providers_session_reach_no_account(api, ada, changes):
    actor = replace(ada.actor(), **changes)
    assert await preferences(api, actor) is None
    assert [error["code"] for error in (await update(api, actor, theme="DARK"))["errors"]] == ["SESSION_REQUIRED"]
    assert await preferences(api, ada) == UNSAID


async def test_they_are_erased_with_the_account(api, ada, owner, services, clock):
    await update(api, ada, language="de", theme="DARK")
    await owner.execute("update member set account_id = null where account_id = $1", ada.account_id)
    await owner.execute("update account set closes_at = $2 where id = $1", ada.account_id, clock.now())
    clock.advance(timedelta(minutes=1))
    await erase_closed_accounts(services)
    held = await owner.fetchrow("select state, language, theme from account where id = $1", ada.account_id)
    assert tuple(held) == ("erased", "", "")
