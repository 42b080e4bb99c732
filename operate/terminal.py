"""What a command says: lines on standard output, and how far it is on standard error."""

import shutil
import sys

import click

_REWRITE = "\r\x1b[2K"


class Terminal:
    """Where a person reads. Progress is one line that is written over, and nothing where nobody watches."""

    def __init__(self) -> None:
        self._shows_progress = False

    def say(self, line: str) -> None:
        """A line of what the command has to say, on standard output."""
        self.clear()
        click.echo(line)

    def note(self, line: str) -> None:
        """A line about the command itself or what went wrong, on standard error."""
        self.clear()
        click.echo(line, err=True)

    def progress(self, text: str) -> None:
        """How far long work is, in the place of what was shown before; only on a terminal."""
        if sys.stderr.isatty():
            sys.stderr.write(f"{_REWRITE}{text[: shutil.get_terminal_size().columns - 1]}")
            sys.stderr.flush()
            self._shows_progress = True

    def clear(self) -> None:
        """Take the line of progress away."""
        if self._shows_progress:
            sys.stderr.write(_REWRITE)
            sys.stderr.flush()
            self._shows_progress = False
