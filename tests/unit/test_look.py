"""Answer page and mails look as the pages do: one sheet says how, and nothing else names a colour."""

import re
from pathlib import Path

import pytest

from openhour.adapters.look.tokens import TOKENS, look
from openhour.adapters.mail.pages import TEMPLATES as MAILS

SOURCE = Path("site/src/parts/tokens.css")
ANSWER_PAGE = Path("layers/shared/openhour/adapters/pages/templates")
COLOUR = re.compile(r"(?<!&)#[0-9a-f]{3,8}\b|rgb\(|hsl\(|light-dark\(|system-ui", re.IGNORECASE)
USED_IN_MAILS = re.compile(r"look\.(?:light|dark)\['([\w-]+)'\]|look\.pixels\('([\w-]+)'\)")


def test_the_functions_copy_is_what_the_pages_are_built_from() -> None:
    assert TOKENS.read_bytes() == SOURCE.read_bytes(), "the look was changed: `make build-site` renews the copy"


@pytest.mark.parametrize("path", [*MAILS.glob("*.jinja"), *ANSWER_PAGE.iterdir()], ids=lambda path: path.name)
def test_no_template_names_a_colour_or_typeface_of_its_own(path: Path) -> None:
    assert COLOUR.findall(path.read_text("utf-8")) == []


def test_every_token_that_answer_page_and_mails_use_is_one_and_none_is_lost_in_reading() -> None:
    declared = set(re.findall(r"^\s*--([\w-]+):", SOURCE.read_text("utf-8"), re.MULTILINE))
    assert set(look().light) == set(look().dark) == declared
    page = re.findall(r"var\(--([\w-]+)\)", (ANSWER_PAGE / "page.css").read_text("utf-8"))
    mails = [a or b for path in MAILS.glob("*.jinja") for a, b in USED_IN_MAILS.findall(path.read_text("utf-8"))]
    assert page
    assert mails
    assert {*page, *mails} <= declared


def test_the_answer_page_gets_light_and_dark_without_functions_that_old_browsers_lack() -> None:
    light, dark = look().custom_properties().split("@media (prefers-color-scheme: dark)")
    assert "light-dark(" not in light + dark
    assert "--openhour-" not in light + dark
    for name in ("ink", "back", "accent"):
        assert f"--{name}: {look().light[name]};" in light
        assert f"--{name}: {look().dark[name]};" in dark
    assert "--radius" not in dark


def test_lengths_are_pixels_in_mails_and_of_several_the_least() -> None:
    assert (look().pixels("radius"), look().pixels("radius-small")) == ("12px", "8px")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "behind", "least"),
    [
        *((text, plane, 4.5) for text in ("ink", "soft", "accent", "wrong") for plane in ("surface", "back")),
        ("on-accent", "accent", 4.5),
        ("edge", "surface", 3),
    ],
)
def test_contrast_is_what_wcag_asks_for(scheme: str, front: str, behind: str, least: float) -> None:
    values = look().light if scheme == "light" else look().dark
    lighter, darker = sorted((_luminance(values[front]), _luminance(values[behind])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= least


def _luminance(colour: str) -> float:
    """WCAG 2.2, "relative luminance"."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
