"""`POST /v1/sign-in-links` in the API's description."""

from describe.calls import Call, json_answer, json_body, links
from describe.problems import READING
from describe.shapes import of_model, public, with_texts
from openhour.adapters.http.bodies.sign_in import SignInBody
from openhour.adapters.http.problems import Problem

CALLS = (
    Call(
        route="POST /v1/sign-in-links",
        name="askForSignInLink",
        summary="Have a sign-in link mailed",
        text="Answers the same whether or not the address is known; only a known one gets a mail, one in five minutes. "
        "What is counted against `too-many-requests` is where the call comes from, never the address.",
        tag="People",
        body=json_body("SignInWish", {"email": "ana@example.com", "locale": "en"}),
        done={202: json_answer("Nothing", "It was noted.", {}) | links("signIn")},
        problems=(*READING, Problem.NOT_JSON, Problem.INVALID, Problem.TOO_MANY_REQUESTS),
    ),
)

_TEXTS = {"email": "Where the link goes.", "locale": "Language tag (BCP 47) of the mail."}
SCHEMAS = {"SignInWish": public(with_texts(of_model(SignInBody), _TEXTS, "Who wants a sign-in link."))}
