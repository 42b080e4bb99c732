"""Compares what a stack's table says of every request in several places, and mends what differs.

The command is `python -m tools.repair`.
"""

import sys
from pathlib import Path

# `openhour` is not an installed package: it lies where the layer is built from.
sys.path.append(str(Path(__file__).resolve().parents[2] / "layers" / "shared"))
