"""The links that mails carry, and which mail carries which."""

from enum import StrEnum
from typing import Protocol

from openhour.application.signed_in import SignedIn
from openhour.domain.requests import Request
from openhour.domain.transitions import MailKind


class Links(Protocol):
    """Makes the addresses (absolute, https outside the local stage) that people follow from a mail."""

    def answer(self, request: Request) -> str:
        """The provider's answer page, bound to request and revision; without a fragment."""

    def manage(self, request: Request) -> str:
        """The client's page for this request; its token is in the fragment."""

    def verify(self, request: Request) -> str:
        """The page whose button sends an unverified request on."""

    def portal(self) -> str:
        """The page on which clients sign in to see their appointments; no token."""

    def sign_in(self, who: SignedIn) -> str:
        """The page whose button signs in."""


class Action(StrEnum):
    """What a reader can do from a mail. The value is the catalogue key of its button."""

    MANAGE = "action.manage"
    ANOTHER_TIME = "action.another_time"
    CHOOSE = "action.choose"
    VERIFY = "action.verify"
    CONFIRM = "action.confirm"
    DECLINE = "action.decline"
    LOOK = "action.look"


_ANSWER = (Action.CONFIRM, Action.DECLINE)

ACTIONS: dict[MailKind, tuple[Action, ...]] = {
    MailKind.VERIFY_ADDRESS: (Action.VERIFY,),
    MailKind.WAITING: (Action.MANAGE,),
    MailKind.NEW_REQUEST: _ANSWER,
    MailKind.CONFIRMED: (Action.MANAGE,),
    MailKind.DECLINED: (Action.ANOTHER_TIME,),
    MailKind.EXPIRED: (Action.ANOTHER_TIME,),
    MailKind.WITHDRAWN: (),
    MailKind.OFFERED: (Action.CHOOSE,),
    MailKind.CHOSEN: (Action.LOOK,),
    MailKind.CHANGED: (Action.MANAGE,),
    MailKind.CHANGED_REQUEST: _ANSWER,
    MailKind.CANCELLED: (Action.ANOTHER_TIME,),
    MailKind.CANCELLED_BY_CLIENT: (),
    MailKind.OFFER_EXPIRED: (Action.ANOTHER_TIME,),
    MailKind.OFFER_LAPSED: (),
    MailKind.UNDELIVERABLE: (Action.LOOK,),
    MailKind.ANSWER_REMINDER: _ANSWER,
    MailKind.SESSION_REMINDER: (Action.MANAGE,),
}
"""In order of prominence: the first is the main button."""


def address_of(action: Action, request: Request, links: Links) -> str:
    """Where an action's button leads. The answer page highlights the button that its fragment names."""
    match action:
        case Action.VERIFY:
            return links.verify(request)
        case Action.LOOK:
            return links.answer(request)
        case Action.CONFIRM:
            return f"{links.answer(request)}#confirm"
        case Action.DECLINE:
            return f"{links.answer(request)}#decline"
        case Action.MANAGE | Action.ANOTHER_TIME | Action.CHOOSE:
            return links.manage(request)
