"""`POST /v1/sign-ins` in the API's description."""

from describe.calls import Call, json_answer, links, one_parameter
from describe.examples import NOW, TOKEN
from describe.problems import SIGNED_IN
from describe.shapes import an_object, reference, text
from openhour.adapters.http.presenting import signed_in
from openhour.adapters.http.problems import Problem

_KEY = {"type": "string", "minLength": 1}

CALLS = (
    Call(
        route="POST /v1/sign-ins",
        name="signIn",
        summary="Sign in",
        text="What the button behind the mailed link sends. The link works once, within 30 minutes, the token for 12 "
        "hours. Whoever sent an Idempotency-Key is let in again by the same link and key: a lost answer locks nobody "
        "out.",
        tag="People",
        tokens=["signInLink"],
        parameters=[one_parameter("header", "Idempotency-Key", "Of whoever signs in.", _KEY, required=False)],
        done={
            201: json_answer("SignedIn", "Signed in.", signed_in(TOKEN, NOW))
            | links("listAppointments", "submitRequest", "signOut", "eraseMe")
        },
        problems=(*SIGNED_IN, Problem.SIGNED_OUT, Problem.LINK_USED),
    ),
)

SCHEMAS = {
    "SignedIn": an_object(
        "Who is signed in.", {"token": text("For `Authorization: Bearer`."), "expires_at": reference("Instant")}
    )
}
