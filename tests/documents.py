"""The documents, and the tables in them."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
ACCESS_PATTERNS = (DOCS / "access-patterns.md").read_text("utf-8")


def rows_of(text: str, heading: str) -> list[list[str]]:
    """The cells of the table whose head begins with `heading`, without its head."""
    _, _, rest = text.partition(f"| {heading} |")
    assert rest, heading
    lines = rest.split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip()[1:-1].split("|")] for line in lines]
