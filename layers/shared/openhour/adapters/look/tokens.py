"""Colours, corners and typeface by name, light and dark."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TOKENS = Path(__file__).parent / "tokens.css"
_TOKEN = re.compile(r"^\s*--([\w-]+): (?:var\(--openhour-[\w-]+, (.+)\)|(.+));$", re.MULTILINE)
_BOTH = re.compile(r"light-dark\((#\w+|rgb\(.+?\)), (#\w+|rgb\(.+?\))\)")
_REFERENCE = re.compile(r"var\(--([\w-]+)\)")
_LENGTH = re.compile(r"([\d.]+)rem")
_PIXELS_PER_REM = 16


@dataclass(frozen=True, slots=True)
class Look:
    """Each token's value as CSS, as nobody has changed it: names are those of `tokens.css`, without hyphens before."""

    light: Mapping[str, str]
    dark: Mapping[str, str]

    def pixels(self, name: str) -> str:
        """A corner's radius for programs that know no other unit: of several lengths the least."""
        value = _REFERENCE.sub(lambda reference: self.light[reference[1]], self.light[name])
        least = min(float(length) for length in _LENGTH.findall(value))
        return f"{least * _PIXELS_PER_REM:g}px"

    def custom_properties(self) -> str:
        """The tokens for a page's style sheet, in words that browsers older than `light-dark()` understand, too."""
        differing = {name: value for name, value in self.dark.items() if value != self.light[name]}
        dark = f"@media (prefers-color-scheme: dark) {{ {_root(differing)} }}"
        return f"{_root(self.light)}\n{dark}\n"


@cache
def look() -> Look:
    """The tokens."""
    named = [(name, themed or plain) for name, themed, plain in _TOKEN.findall(TOKENS.read_text("utf-8"))]
    return Look(
        light={name: _BOTH.sub(r"\1", value) for name, value in named},
        dark={name: _BOTH.sub(r"\2", value) for name, value in named},
    )


def _root(values: Mapping[str, str]) -> str:
    return f":root {{ {' '.join(f'--{name}: {value};' for name, value in values.items())} }}"
