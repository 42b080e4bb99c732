"""For the function that takes in submissions: the table and the secret, and what keeps floods out."""

from functools import cache

from openhour.adapters.dynamodb.callers import DynamoDBCallers
from openhour.adapters.proofs import AltchaProofs
from openhour.application.admission import Admission, Ration
from openhour.application.client.submit import Submitting
from openhour.wiring import environment, requesting
from openhour.wiring.environment import origin_secret
from openhour.wiring.secrets import identity, keyring, tokens
from openhour.wiring.stores import clock, table

__all__ = ["clock", "origin_secret", "submitting", "tokens"]


@cache
def submitting() -> Submitting:
    """The use case of a submission."""
    return Submitting(requesting.requests(), identity(), clock(), requesting.hold(), requesting.pause, _admission())


def _admission() -> Admission:
    ration = Ration(DynamoDBCallers(table()), identity(), environment.caps())
    return Admission(ration, AltchaProofs(keyring()), int(environment.setting("PROOF_AFTER")))
