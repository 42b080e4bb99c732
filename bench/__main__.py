"""Run every section in turn. The exit status is 1 when any figure misses its target."""

import sys

from bench import artifacts, slots, starts

SECTIONS = (slots.report, starts.report, artifacts.report)
"""Each prints its figures and returns whether all of them meet their targets."""

if __name__ == "__main__":
    met = [section() for section in SECTIONS]
    sys.exit(0 if all(met) else 1)
