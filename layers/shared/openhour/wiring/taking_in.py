"""For the function that takes in submissions: the table and the secret, and what keeps floods out."""

from functools import cache

from openhour.adapters.dynamodb.callers import DynamoDBCallers
from openhour.adapters.dynamodb.client import Table, dynamodb_client
from openhour.adapters.keyring import HashedIdentity
from openhour.adapters.proofs import AltchaProofs
from openhour.application.admission import Admission, Ration
from openhour.application.client.submit import Submitting
from openhour.wiring import environment, requesting
from openhour.wiring.environment import origin_secret
from openhour.wiring.requesting import clock, tokens

__all__ = ["clock", "origin_secret", "submitting", "tokens"]


@cache
def submitting() -> Submitting:
    """The use case of a submission."""
    identity = HashedIdentity(requesting.keyring())
    return Submitting(
        requesting.requests(), identity, clock(), requesting.hold(), requesting.pause, _admission(identity)
    )


def _admission(identity: HashedIdentity) -> Admission:
    callers = DynamoDBCallers(Table(dynamodb_client(), environment.setting("TABLE_NAME")))
    ration = Ration(callers, identity, environment.caps())
    return Admission(ration, AltchaProofs(requesting.keyring()), int(environment.setting("PROOF_AFTER")))
