"""A declaration that a vendor pastes: read as it would be when it loads, and by vendors alone."""

from __future__ import annotations

import json

import pytest

from tests.builders import access_for
from tests.fakes.vendor_plugin import MANIFEST, PLAN
from tests.tenants.operating import operating
from tests.tenants.vendor_access.desk import make_vendor, vendor_actor
from wardship.core.errors import PermissionDeniedError
from wardship.plugins.host.declaration_document import document_of
from wardship.plugins.host.differences import Effect
from wardship.tenants.vendor_clients.checking import check_manifest

pytestmark = pytest.mark.anyio
DOCUMENT = json.dumps(document_of(MANIFEST, PLAN))
WIDER = json.dumps(document_of(MANIFEST.model_copy(update={"hosts": ("api.vendor.example",)}), PLAN))


@pytest.fixture
async def vendor(services):
    account_id = await make_vendor(services)
    async with access_for(services, vendor_actor(services, account_id)) as access:
        yield access


async def test_what_is_pasted_is_read_and_compared_both_ways(vendor):
    checked = check_manifest(vendor, WIDER, DOCUMENT)
    assert checked.document.faults == ()
    assert [(each.kind, each.effect) for each in checked.differences] == [("hosts", Effect.WIDER)]
    back = check_manifest(vendor, DOCUMENT, WIDER)
    assert [(each.kind, each.effect) for each in back.differences] == [("hosts", Effect.NARROWER)]
    assert check_manifest(vendor, DOCUMENT, DOCUMENT).differences == ()
    assert check_manifest(vendor, DOCUMENT, None).differences == ()


async def test_what_can_not_be_read_says_why_and_an_earlier_one_too(vendor):
    checked = check_manifest(vendor, "{}", DOCUMENT)
    assert [fault.where for fault in checked.document.faults] == ["manifest", "revocation_plan"]
    assert checked.differences == ()
    checked = check_manifest(vendor, DOCUMENT, "nothing")
    assert (checked.document.faults, [fault.what for fault in checked.earlier_faults]) == ((), ["this is not JSON"])


async def test_nobody_but_a_vendor_has_one_read(services, admin):
    async with access_for(services, admin) as access:
        with pytest.raises(PermissionDeniedError):
            check_manifest(access, DOCUMENT, None)
    async with operating(services) as access:
        with pytest.raises(PermissionDeniedError):
            check_manifest(access, DOCUMENT, None)
