"""Enumerations of integrations, as the schema names them."""

from __future__ import annotations

import strawberry

from wardship.plugins.api import Audience, Direction, Holder, LegalBasis, Verb
from wardship.plugins.api.outcome import AttestationLevel
from wardship.plugins.host import WideningKind
from wardship.tenants.egress.ledger import DeliveryState
from wardship.tenants.installations.records import InstallationState
from wardship.tenants.obligations.read import ObligationState
from wardship.tenants.tasks.tasks import TaskState

strawberry.enum(Holder, name="InstallationHolder", description="For whom an integration is installed.")
strawberry.enum(LegalBasis, name="LegalBasis", description="Why a processing is lawful.")
strawberry.enum(Direction, name="DataDirection", description="Who moves the data.")
strawberry.enum(Audience, name="DataAudience", description="Whose data it is.")
strawberry.enum(Verb, name="IntegrationVerb", description="What an integration is asked to do.")
strawberry.enum(AttestationLevel, name="ProofLevel", description="How good a proof is, best first.")
strawberry.enum(WideningKind, name="WideningKind", description="In what respect a declaration takes more.")
strawberry.enum(InstallationState, name="InstallationState", description="Where an installation stands.")
strawberry.enum(
    ObligationState,
    name="ObligationState",
    description="Where an obligation stands; completed, failed and cancelled have ended, manual is with a person.",
)
strawberry.enum(TaskState, name="ManualTaskState", description="Where a task for a person stands.")
strawberry.enum(
    DeliveryState,
    name="DeliveryState",
    description="What is known of a delivery; unknown counts as received until the opposite is proven.",
)
