"""Forgetting a client by command: their requests are made anonymous, the rest that is stored of them goes."""

from collections.abc import Callable
from dataclasses import dataclass

from openhour.adapters.written.addresses import read_address
from openhour.adapters.written.deliverable import AddressError
from openhour.application.errors import NotYetToldError, StillToComeError, TryAgainLaterError
from openhour.application.jobs.erase import Belongings, Erasing
from openhour.application.ports.identity import Identity
from openhour.domain.clients import ClientProfile
from operate.practice.errors import PracticeError

_LISTED = "  The practice's list of clients names them: take the address out of that file, else applying it says so."


@dataclass(frozen=True, slots=True)
class Forgetting:
    """The command with what it needs. `confirm` puts a question, `tell` prints a line; neither shows an address."""

    erasing: Erasing
    identity: Identity
    tell: Callable[[str], None]
    confirm: Callable[[str], bool]

    def run(self, address: str, *, dry_run: bool) -> bool:
        """Forget whoever reads this address; False when the person at the terminal said no.

        Raises PracticeError when it is no address, when something of theirs waits or is to come, and CloudError.
        """
        client = self.identity.client_id(_address(address))
        try:
            found = self.erasing.look(client)
            if not _anything(found):
                self.tell("Nothing is stored of this address.")
                return True
            self._show(found)
            if dry_run:
                self.tell("Dry run: nothing was written.")
                return True
            if not self.confirm("Forget this person for good?"):
                return False
            self.erasing.forget(client)
        except (StillToComeError, NotYetToldError, TryAgainLaterError) as error:
            raise PracticeError(_refusal(error)) from None
        self.tell("Forgotten. Backups remember for 35 days; see docs/privacy.md.")
        return True

    def _show(self, found: Belongings) -> None:
        count = len(found.rows)
        self.tell(f"To be made anonymous: {count} request{'' if count == 1 else 's'}. To be deleted: {_rest(found)}.")
        if found.profile.listed:
            self.tell(_LISTED)


def _address(text: str) -> str:
    try:
        return read_address(text)
    except AddressError:
        raise PracticeError("this is not one email address such as jo@example.org.") from None


def _anything(found: Belongings) -> bool:
    return bool(found.rows or found.agenda.version or found.links) or found.profile != ClientProfile(
        epoch=found.profile.epoch, signed_out_at=found.profile.signed_out_at
    )


def _rest(found: Belongings) -> str:
    listed = ", their mark as a known client" if found.profile.listed else ""
    return f"their list of appointments, their profile{listed} and every sign-in"


def _refusal(error: Exception) -> str:
    if isinstance(error, StillToComeError):
        return (
            f"something of theirs waits for an answer or is to come: {', '.join(error.requests)}. "
            "Have it answered, withdrawn or cancelled first."
        )
    if isinstance(error, NotYetToldError):
        return "a mail to a provider about what they took back is still on its way. Run the command again in a minute."
    return "the table is busy. Run the command again: what was forgotten stays forgotten, the rest follows."
