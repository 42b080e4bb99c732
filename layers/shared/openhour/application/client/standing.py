"""How a client stands with the practice: told to nobody but whoever has shown that the address is theirs.

That is somebody signed in, or behind a link that was mailed to the address. Without that, every address gets the same
answer, and none of what is read of a client is looked at.
"""

from datetime import datetime

from openhour.application.admission import next_midnight
from openhour.application.errors import (
    KnownClientsOnlyError,
    TooManyOpenRequestsError,
    TooManyRequestsTodayError,
)
from openhour.domain.agenda import Agenda
from openhour.domain.clients import ClientProfile, is_served
from openhour.domain.values import Practice


def check_standing(practice: Practice | None, profile: ClientProfile, agenda: Agenda, now: datetime) -> None:
    """Whether this client may make one more request.

    Raises KnownClientsOnlyError, TooManyOpenRequestsError and TooManyRequestsTodayError.
    """
    if not is_served(practice, profile):
        raise KnownClientsOnlyError
    check_limit(practice, agenda, now)


def check_limit(practice: Practice | None, agenda: Agenda, now: datetime) -> None:
    """Raise TooManyOpenRequestsError when the client may not have one more open request.

    Raises TooManyRequestsTodayError when the client has made as many today as may be.
    """
    if practice is None:
        return
    if agenda.waiting(now) >= practice.max_open_requests:
        raise TooManyOpenRequestsError(practice.max_open_requests)
    if agenda.made_today(now) >= practice.max_requests_per_day:
        raise TooManyRequestsTodayError(next_midnight(now), now)
