"""What Openhour costs to run, measured: `python -m bench` prints it."""

import sys
from pathlib import Path

# The layer is no installed package: its path is what Lambda, too, puts on the search path.
sys.path.append(str(Path(__file__).parents[1] / "layers" / "shared"))
