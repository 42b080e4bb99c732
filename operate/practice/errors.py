"""What can go wrong while a practice is set up. Every message is written for the person at the terminal."""

from collections.abc import Iterable
from dataclasses import dataclass

from operate.errors import OperatorError

type Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the file that has to be put right. `path` leads to it, as keys and list positions from 0."""

    path: Path
    message: str
    line: int | None = None

    def __str__(self) -> str:
        """One line, such as `line 41: providers[1].availability[0].end: ...`."""
        parts = [f"line {self.line}" if self.line else "", written(self.path), self.message]
        return ": ".join(part for part in parts if part)


def written(path: Path) -> str:
    """A path in the words of the file's writer: `providers[1].availability[0].end`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


class PracticeError(OperatorError):
    """Base of what is refused in setting up a practice. Its text says what to do."""


class PracticeFileError(PracticeError):
    """The file cannot be used. `problems` holds all that is wrong with it, in the order of the file."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.file = file
        self.problems = sorted(problems, key=lambda problem: problem.line or 0)
        super().__init__("\n".join(f"{file}: {problem}" for problem in self.problems))


class ChangedMeanwhileError(PracticeError):
    """Somebody else changed items between reading and writing. `items` names them; none of them was written."""

    def __init__(self, items: Iterable[str]) -> None:
        self.items = tuple(items)
        super().__init__(
            f"changed by somebody else since they were read: {', '.join(self.items)}. "
            "Run the command again: it will show the changes against what is there now."
        )


class TooManyChangesError(PracticeError):
    """The changes do not fit into one transaction of DynamoDB. `parts` is how many they would take."""

    def __init__(self, changes: int, parts: int) -> None:
        self.parts = parts
        super().__init__(
            f"{changes} items would change, more than DynamoDB writes all-or-nothing. With --in-parts they are "
            f"written in {parts} parts: should one fail, those before it stand, and running the command again "
            "writes the rest."
        )


class PartlyWrittenError(PracticeError):
    """Some parts were written before one failed. `done` and `parts` count them; the cause is chained."""

    def __init__(self, done: int, parts: int, cause: Exception) -> None:
        self.done = done
        self.parts = parts
        super().__init__(f"{done} of {parts} parts were written, then: {cause} Run the command again for the rest.")
