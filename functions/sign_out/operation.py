"""`DELETE /v1/sign-ins` in the API's description."""

from describe.calls import Call, json_answer
from describe.problems import SIGNED_IN

CALLS = (
    Call(
        route="DELETE /v1/sign-ins",
        name="signOut",
        summary="Sign out everywhere",
        text="No token and no sign-in link from before opens anything any more. Manage links of mails still do.",
        tag="People",
        tokens=["signedIn"],
        done={200: json_answer("Nothing", "Signed out.", {})},
        problems=SIGNED_IN,
    ),
)
