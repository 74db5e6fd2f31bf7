"""However the public address is written, browsers sign in with the origin that they send, and with the right cookie."""

from __future__ import annotations

import pytest

from tests.core.test_origin import SAME
from tests.edge import make_app
from wardship.core.settings import Settings
from wardship.core.sign_in.routes import sign_in_router


@pytest.mark.parametrize(("sent", "forms"), SAME.items(), ids=SAME)
async def test_a_page_of_the_deployment_signs_in_however_its_address_is_set(
    ann, open_browser, deployed, settings, sent, forms
):
    cookie = "__Host-wardship=" if sent.startswith("https:") else "wardship="
    body = {"email": ann.email, "password": ann.password}
    for form in forms:
        public_url = Settings(public_url=form).public_url
        one = type(deployed)(
            settings.model_copy(update={"public_url": public_url}), deployed.database, deployed.clock, deployed.keys
        )
        browser = open_browser()
        browser.http._transport.app = make_app(one.settings, sign_in_router(one))
        answer = await browser.send("POST", "/auth/sign-in", json=body, headers={"Origin": sent})
        assert answer.status_code == 200, (form, answer.text)
        assert answer.headers["set-cookie"].startswith(cookie)
        refused = await browser.send("POST", "/auth/sign-in", json=body, headers={"Origin": f"{sent}.evil.example"})
        assert (refused.status_code, refused.json()["code"]) == (403, "ORIGIN_REFUSED")
