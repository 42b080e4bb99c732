"""All that an operator runs against a stack: setting up the practice, repairing, signing keys, the site."""

import sys
from pathlib import Path

# `openhour` is not an installed package: it lies where the layer is built from.
sys.path.append(str(Path(__file__).resolve().parent.parent / "layers" / "shared"))
