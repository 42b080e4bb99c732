"""Documents that are made from the code: `python -m describe` writes them all. Nothing of it is deployed."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# `openhour` is not an installed package: it lies where the layer is built from.
sys.path.append(str(ROOT / "layers" / "shared"))
