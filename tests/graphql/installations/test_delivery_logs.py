"""Both delivery logs tell the same of what was tried; a vendor's leads to no person and no organisation."""

from __future__ import annotations

from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from wardship.app.application import api_schema

SCHEMA = api_schema()._schema
OWN = {"id", "obligationId", "installationId", "integrationKey"}
"""What a vendor's log has by itself: by what the connector knows it."""


def fields_of(name: str) -> dict[str, object]:
    found = SCHEMA.type_map[name]
    assert isinstance(found, GraphQLObjectType)
    return {field: get_named_type(declared.type) for field, declared in found.fields.items()}


def test_both_logs_tell_the_same_and_a_vendors_nothing_of_a_person():
    of_installation, of_vendor = fields_of("Delivery"), fields_of("VendorDelivery")
    assert of_vendor.keys() - OWN == of_installation.keys() - {"id", "member"}
    leading = {field: shown.name for field, shown in of_vendor.items() if not is_leaf_type(shown)}
    assert leading == {"attempts": "DeliveryAttempt"}
