from __future__ import annotations

import pytest

from wardship.plugins.api import TemporarilyUnavailable
from wardship.plugins.dav.multistatus import read_multistatus

BODY = b"""<?xml version="1.0"?>
<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav">
 <d:response><d:href>/book/</d:href><d:propstat><d:prop><d:resourcetype><d:collection/><c:addressbook/>
 </d:resourcetype></d:prop></d:propstat></d:response>
 <d:response><d:href>https://dav.example/book/a%20b.vcf</d:href><d:propstat><d:prop>
 <c:address-data>BEGIN:VCARD</c:address-data></d:prop></d:propstat></d:response>
</d:multistatus>"""
BOMB = b"""<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>
<multistatus xmlns="DAV:"><response><href>&b;</href></response></multistatus>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<multistatus xmlns="DAV:"><response><href>&x;</href></response></multistatus>"""


def test_resources_are_read_with_their_names_kinds_and_content():
    collection, card = read_multistatus(BODY).resources
    assert collection.name == ""
    assert collection.kinds == {"{DAV:}collection", "{urn:ietf:params:xml:ns:carddav}addressbook"}
    assert (card.name, card.kinds, card.data) == ("a%20b.vcf", frozenset(), "BEGIN:VCARD")


@pytest.mark.parametrize(
    "body",
    [BOMB, OUTSIDE, b"", b"<html></html>", b"{}", b"<d:multistatus", b'<!DOCTYPE x><multistatus xmlns="DAV:"/>'],
    ids=["bomb", "outside", "empty", "html", "json", "cut", "doctype"],
)
def test_anything_but_a_plain_multistatus_is_no_answer(body):
    with pytest.raises(TemporarilyUnavailable, match="not a multi-status document"):
        read_multistatus(body)


@pytest.mark.parametrize(
    ("status", "is_cut"), [("507", True), ("503", True), ("403", True), ("404", False), ("410", False), ("200", False)]
)
def test_an_answer_in_which_a_part_failed_does_not_tell_all(status, is_cut):
    part = f"<d:response><d:href>/book/</d:href><d:status>HTTP/1.1 {status} Said</d:status></d:response>"
    assert read_multistatus(f'<d:multistatus xmlns:d="DAV:">{part}</d:multistatus>'.encode()).is_cut is is_cut
