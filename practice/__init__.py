"""Setting up a practice: read and check `practice.yaml`, show what would change in a table, apply it.

`load(path)` gives the practice and its providers as domain values. The command is `python -m practice`.
"""

import sys
from pathlib import Path

# `openhour` is not an installed package: it lies where the layer is built from.
sys.path.append(str(Path(__file__).resolve().parent.parent / "layers" / "shared"))

from practice.errors import PracticeError, PracticeFileError
from practice.reading import load

__all__ = ["PracticeError", "PracticeFileError", "load"]
