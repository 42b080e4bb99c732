"""`DELETE /v1/me` in the API's description."""

from describe.calls import Call, json_answer
from describe.problems import SIGNED_IN
from openhour.adapters.http.problems import Problem

CALLS = (
    Call(
        route="DELETE /v1/me",
        name="eraseMe",
        summary="Erase one's own data",
        text="One's requests stay as times without a person: name, address, phone, note and reasons are gone for good, "
        "and so are the list of one's appointments and everything that signs one in. Links of mails open nothing any "
        "more. Not while something waits for an answer or is to come.",
        tag="People",
        tokens=["signedIn"],
        done={200: json_answer("Nothing", "Erased, and signed out everywhere.", {})},
        problems=(*SIGNED_IN, Problem.SIGNED_OUT, Problem.STILL_TO_COME, Problem.NOT_YET_TOLD),
    ),
)
