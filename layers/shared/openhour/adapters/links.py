"""The addresses that mails carry."""

from openhour.adapters.tokens import Tokens
from openhour.application.signed_in import SignedIn
from openhour.domain.requests import Request


class SignedLinks:
    """Links with tokens: in the path for the provider (queries get stripped), in the fragment for the client.

    A fragment is `<request id>/<token>`, so that a page need not take a token apart.
    """

    def __init__(self, tokens: Tokens, api_url: str, site_url: str) -> None:
        """Both without a slash at their end."""
        self._tokens = tokens
        self._api = api_url.rstrip("/")
        self._site = site_url.rstrip("/")

    def answer(self, request: Request) -> str:
        """The page on which the provider confirms or declines."""
        return f"{self._api}/v1/answers/{self._tokens.answer(request)}"

    def manage(self, request: Request) -> str:
        """The page on which the client sees and withdraws the request."""
        return f"{self._site}/manage.html#{request.id}/{self._tokens.manage(request)}"

    def portal(self) -> str:
        """The page on which clients sign in."""
        return f"{self._site}/portal.html"

    def sign_in(self, who: SignedIn) -> str:
        """The page with the button that signs in."""
        return f"{self._site}/sign-in.html#{self._tokens.sign_in(who)}"

    def verify(self, request: Request) -> str:
        """The page with the button that sends the request on."""
        return f"{self._site}/verify.html#{request.id}/{self._tokens.verify(request)}"
