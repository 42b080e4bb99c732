"""What clients do with a request of theirs, and as somebody signed in."""

from describe import examples
from describe.parts import Operation, answers, headers, json_answer, managing, one_parameter, operation
from describe.schemas import Schema, reference
from openhour.application.client.change import MOST_CHANGES
from openhour.application.client.portal import When


def change() -> Operation:
    """Change a request, choose, or move an appointment."""
    text = (
        f"An unanswered request at most {MOST_CHANGES} times; it then waits anew, and the links of earlier mails no "
        "longer answer it. Of offered times one can be `chosen`, which confirms it. Of a confirmed appointment a new "
        "request is made that takes its place once it is confirmed. The same change again changes nothing."
    )
    made = json_answer("ChangedRequest", "The new request that would take the appointment's place.", example="Moved")
    done = {
        200: json_answer("ChangedRequest", "The request as it stands now."),
        201: made | {"headers": headers({"location": "Location"})},
    }
    body = {"schema": reference("Change"), "example": examples.change()}
    return managing("changeRequest", "Change a request", text, "PATCH /v1/requests/{request}", done) | {
        "requestBody": {"required": True, "content": {"application/json": body}}
    }


def verify() -> Operation:
    """Send an unverified request on."""
    text = "What the button behind the mailed link sends. Doing it again changes nothing and answers the same."
    route = "POST /v1/requests/{request}/verification"
    done = {200: json_answer("ChangedRequest", "The request, which now waits for the provider.", example="Verified")}
    return operation("verifyRequest", "Prove an address", text, "Requests") | {
        "security": [{"verifyLink": []}],
        "responses": answers(route, done),
    }


def ask_for_link() -> Operation:
    """Ask for a sign-in link."""
    text = "Answers the same whether or not the address is known; only a known one gets a mail, one in five minutes. "
    text += "What is counted against `too-many-requests` is where the call comes from, never the address."
    body = {"schema": reference("SignInWish"), "example": {"email": "ana@example.com", "locale": "en"}}
    return operation("askForSignInLink", "Have a sign-in link mailed", text, "People") | {
        "requestBody": {"required": True, "content": {"application/json": body}},
        "responses": answers("POST /v1/sign-in-links", {202: json_answer("Nothing", "It was noted.")}),
    }


def sign_in() -> Operation:
    """Exchange a link for a token."""
    text = "What the button behind the mailed link sends. The link works for 30 minutes, the token for 12 hours."
    return operation("signIn", "Sign in", text, "People") | {
        "security": [{"signInLink": []}],
        "responses": answers("POST /v1/sign-ins", {201: json_answer("SignedIn", "Signed in.")}),
    }


def sign_out() -> Operation:
    """Sign out everywhere."""
    text = "No token and no sign-in link from before opens anything any more. Manage links of mails still do."
    return operation("signOut", "Sign out everywhere", text, "People") | {
        "security": [{"signedIn": []}],
        "responses": answers("DELETE /v1/sign-ins", {200: json_answer("Nothing", "Signed out.")}),
    }


def erase() -> Operation:
    """Erase one's own data."""
    text = (
        "One's requests stay as times without a person: name, address, phone, note and reasons are gone for good, and "
        "so are the list of one's appointments and everything that signs one in. Links of mails open nothing any "
        "more. Not while something waits for an answer or is to come."
    )
    return operation("eraseMe", "Erase one's own data", text, "People") | {
        "security": [{"signedIn": []}],
        "responses": answers("DELETE /v1/me", {200: json_answer("Nothing", "Erased, and signed out everywhere.")}),
    }


def list_appointments() -> Operation:
    """The client's own list."""
    text = "Requests and appointments, right after they were made too. Upcoming ones are those that have not ended."
    done = {200: json_answer("Appointments", "One page of them; it may be empty and yet not be the last.")}
    return operation("listAppointments", "One's own appointments", text, "People") | {
        "security": [{"signedIn": []}],
        "parameters": [_when(), _after()],
        "responses": answers("GET /v1/appointments", done, of_query=True),
    }


def _when() -> Schema:
    schema = {"type": "string", "enum": [when.value for when in When], "default": When.UPCOMING.value}
    return one_parameter("query", "when", "Which ones.", schema, required=False)


def _after() -> Schema:
    return one_parameter("query", "after", "The `next` of the page before.", {"type": "string"}, required=False)
