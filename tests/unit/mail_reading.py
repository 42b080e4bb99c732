"""What a mail shows: its words and links as a mail program makes them of its two parts."""

from email.message import EmailMessage
from html.parser import HTMLParser

from tests.unit.mail_examples import everything_in, html_of, text_of


class Page(HTMLParser):
    """What a mail program makes of the HTML: its words, its links, its tags."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)
        if tag == "a":
            self.links.append((dict(attrs)["href"] or "", ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self._open):
            self.words.append(data)
        if "a" in self._open:
            url, label = self.links[-1]
            self.links[-1] = (url, label + data)

    def visible(self) -> str:
        return " ".join(" ".join(self.words).split())


def both_parts(parsed: EmailMessage) -> tuple[str, str]:
    return " ".join(text_of(parsed).split()), Page(html_of(parsed)).visible()


def shown_in_both(parsed: EmailMessage, words: str) -> bool:
    return all(words in part for part in both_parts(parsed))


def shown_at_all(parsed: EmailMessage, words: str) -> bool:
    return words in everything_in(parsed) or any(words in part for part in both_parts(parsed))
