"""Writes every document where it belongs and says where that is."""

from describe import ROOT
from describe.documents import documents


def main() -> None:
    """Write them all."""
    for path, text in documents().items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
