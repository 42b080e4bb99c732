import pytest
import yaml

from operate.practice.source import parse


@pytest.mark.parametrize("written", ["09:00", "10:00", "17:30", "24:00", "off", "no", "yes", "on", "2027-12-24", "010"])
def test_what_yaml_1_1_would_convert_is_the_text_that_was_written(written: str) -> None:
    assert parse(f"key: {written}").data == {"key": written}
    assert parse(f'key: "{written}"').data == {"key": written}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("50", 50),
        ("0", 0),
        ("-5", -5),
        ("1.5", 1.5),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_numbers_truth_and_nothing_are_what_they_look_like(written: str, value: object) -> None:
    assert parse(f"key: {written}").data == {"key": value}


def test_anchors_and_merges_work() -> None:
    text = "a: &base {start: 10:00, end: 12:00}\nb:\n  <<: *base\n  end: 13:00\n"
    assert parse(text).data["b"] == {"start": "10:00", "end": "13:00"}


def test_a_path_leads_to_its_line_or_to_the_nearest_thing_around_it() -> None:
    source = parse("a:\n  - b: 1\n    c: 2\n  - d: 3\n")
    assert source.line(("a", 0, "c")) == 3
    assert source.line(("a", 1)) == 4
    assert source.line(("a", 1, "missing")) == 4
    assert source.line(()) is None


def test_every_key_that_stands_twice_is_found_at_any_depth() -> None:
    problems = list(parse("a: 1\nb:\n  - c: 1\n    c: 2\na: 3\n").repeated_keys())
    assert [(problem.path, problem.line) for problem in problems] == [(("a",), 5), (("b", 0, "c"), 4)]
    assert "line 1" in problems[0].message


def test_a_document_that_contains_itself_ends_the_search() -> None:
    assert list(parse("a: &self [*self]").repeated_keys()) == []


@pytest.mark.parametrize("text", ["a: [1", "a: 1\n\tb: 2", "a: !!python/name:os.system x", "a: 1\n---\nb: 2", "[a]: 1"])
def test_what_is_not_one_plain_document_is_refused(text: str) -> None:
    if text == "[a]: 1":
        text = "? [a]\n: 1"
    with pytest.raises(yaml.YAMLError):
        parse(text)
