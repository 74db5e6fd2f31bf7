"""The people of the kit are the manifest's fixtures, with a value for all that is declared."""

from __future__ import annotations

from tests.fakes import vendor_plugin
from wardship.plugins.api import Identifier, IdentifierFormat, IdentifierType
from wardship.plugins.kit.people import People, telling_values, with_names

OTHER = vendor_plugin.MANIFEST.receives[-1].model_copy(
    update={"category": "user.contact.email", "fields": ("email",), "purpose": "marketing.advertising"}
)
OF_SEVERAL = vendor_plugin.MANIFEST.model_copy(
    update={"contract": 2, "receives": (*vendor_plugin.MANIFEST.receives, OTHER)}
)


def values(record):
    return {field.name: field.value for field in record.fields}


def test_the_first_person_is_the_fixture_and_has_every_declared_field():
    manifest = vendor_plugin.MANIFEST
    people = People(manifest)
    first = people.somebody()
    assert first.subject.id == manifest.fixtures.active.subject.id
    assert values(first).keys() == set(manifest.field_names)
    assert values(first)["first_name"] == "Ada"
    assert people.closed == manifest.fixtures.closed


def test_the_changed_person_is_the_updated_fixture_with_one_field_fewer():
    people = People(vendor_plugin.MANIFEST)
    first = people.somebody()
    changed = people.changed(first)
    assert changed.subject == first.subject
    assert len(changed.fields) == len(first.fields) - 1
    assert not set(values(changed).values()) & set(values(first).values())


def test_no_two_people_share_an_id_or_a_value():
    people = People(vendor_plugin.MANIFEST)
    made = [people.somebody() for _ in range(5)]
    assert people.made == made
    assert len({record.subject.id for record in made}) == 5
    told = [telling_values(record) for record in made]
    assert sum(map(len, told)) == len(frozenset().union(*told))


def test_identifiers_have_the_declared_format_and_are_of_the_persons_own_fields():
    hashed = Identifier(type=IdentifierType.EMAIL, format=IdentifierFormat.SHA256)
    plain = Identifier(type=IdentifierType.PHONE)
    people = People(vendor_plugin.MANIFEST.model_copy(update={"identifiers": (hashed, plain)}))
    people.somebody()
    second = people.somebody()
    expected = (hashed.present(second.text("email")), plain.present(second.text("phone")))
    assert second.subject.identifiers == expected


def test_people_bear_the_names_that_the_vendor_gave_them():
    people = People(vendor_plugin.MANIFEST)
    record = people.somebody()
    named = with_names((record,), {record.subject.id: "their-17"})
    assert named[0].subject.known_as == "their-17"
    assert with_names((record,), {}) == (record,)


def test_each_field_tells_for_what_it_may_be_used_as_the_host_does_under_contract_2():
    record = People(OF_SEVERAL).somebody()
    declared = {
        name: tuple(dict.fromkeys(entry.purpose for entry in OF_SEVERAL.receives if name in entry.fields))
        for name in OF_SEVERAL.field_names
    }
    assert {field.name: field.purposes for field in record.fields} == declared
    assert len(declared["email"]) == 2
    older = People(OF_SEVERAL.model_copy(update={"contract": 1})).somebody()
    assert {field.purposes for field in older.fields} == {()}


def test_many_are_other_people_each_and_are_not_kept():
    people = People(OF_SEVERAL)
    one, many, another = people.somebody(), people.many(3), people.somebody()
    assert len({record.subject.id for record in (one, *many, another)}) == 5
    assert people.made == [one, another]
