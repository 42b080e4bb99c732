"""What lies around a request, as its provider reads it: on the answer page and in the mail."""

from tests.handlers.calls import BODY, made, press
from tests.handlers.letters import PROVIDER, letters
from tests.handlers.pages import look, page
from tests.handlers.stack import Stack


def test_page_and_mail_say_what_is_before_and_after_where_and_how_full_the_day_is(stack: Stack) -> None:
    early = made(stack, BODY | {"client": {"name": "Zed Early", "email": "zed@client.example"}}, "5f0c8e6a-1000")
    stack.http(press(stack.tokens().answer(stack.request(early)), "decision=confirm"))
    late = BODY | {"start": "2027-03-08T13:00:00Z", "forum": "telehealth"}
    made(stack, late | {"client": {"name": "Yve Late", "email": "yve@client.example"}}, "5f0c8e6a-1001")
    asked = made(stack, BODY | {"start": "2027-03-08T11:00:00Z"}, "5f0c8e6a-1002")
    told = [
        ("Before it", "Until 09:50, Marylebone rooms"),
        ("After it", "From 13:00, Online (not answered yet)"),
        ("That day", "Besides this: appointments 1, open requests 1; taken 1 h 40 min"),
    ]
    text = letters(stack, asked)[PROVIDER].text
    shown = page(
        stack.http(look(stack.tokens().answer(stack.request(asked)))), 200, "A request for an appointment"
    ).body
    for label, value in told:
        assert f"{label}: {value}" in text
        assert f'<dt>{label}</dt>\n<dd dir="auto">{value}</dd>' in shown
    for name in ("Zed", "Early", "Yve", "Late"):
        assert name not in text
        assert name not in shown


def test_after_the_answer_the_page_says_nothing_of_the_day(stack: Stack) -> None:
    asked = made(stack)
    token = stack.tokens().answer(stack.request(asked))
    assert "Before it" in stack.http(look(token)).body
    done = stack.http(press(token, "decision=confirm"))
    assert "Before it" not in done.body + stack.http(look(token)).body
