"""A letter as text and as HTML, from the templates beside this module."""

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from openhour.adapters.look.tokens import look
from openhour.adapters.mail.letter import Letter

TEMPLATES = Path(__file__).parent / "templates"
_HTML = ".html.jinja"
_TEXT = ".txt.jinja"
_EMPTY_LINES = re.compile(r"\n{3,}")


def html_page(letter: Letter) -> str:
    """The HTML part. Texts and fields alike are escaped where the template shows them."""
    return _render(letter, _HTML)


def text_page(letter: Letter) -> str:
    """The text part: complete without the HTML one, links included."""
    text = _render(letter, _TEXT)
    return _EMPTY_LINES.sub("\n\n", text).strip() + "\n"


def _render(letter: Letter, suffix: str) -> str:
    template = environment().get_template(f"{letter.kind}{suffix}")
    return template.render(letter=letter, t=letter.catalogue.text)


@cache
def environment() -> Environment:
    """The templates, compiled when first used and then kept. A name that a template does not get is an error."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=(_HTML.removeprefix("."),), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["look"] = look()  # inline, for mail programs know no custom properties
    return environment
