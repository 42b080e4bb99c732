"""The body of a wish for a sign-in link."""

from pydantic import BaseModel

from openhour.adapters.http.bodies.fields import STRICT, Email, Locale
from openhour.adapters.http.bodies.reading import document_of, validated
from openhour.adapters.http.messages import HttpRequest


class SignInBody(BaseModel):
    """Who wants a sign-in link."""

    model_config = STRICT
    email: Email
    locale: Locale | None = None


def sign_in_wish(request: HttpRequest) -> tuple[str, str | None]:
    """Read the address that wants a sign-in link, and its language. Raises ProblemError."""
    body = validated(SignInBody, document_of(request))
    return body.email, body.locale
