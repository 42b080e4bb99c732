"""Setting up a practice: read and check `practice.yaml`, show what would change in a table, apply it.

`load(path)` gives the practice and its providers as domain values. The command is `openhour practice`.
"""

from operate.practice.errors import PracticeError, PracticeFileError
from operate.practice.reading import load

__all__ = ["PracticeError", "PracticeFileError", "load"]
