import json
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest

from openhour.adapters.snapshots import (
    practice_from_json,
    practice_to_json,
    provider_from_json,
    provider_to_json,
    version_of,
)
from openhour.domain.values import (
    AnswerRules,
    Block,
    Forum,
    Location,
    Override,
    Practice,
    Provider,
    SelfSchedule,
    Service,
)

MORNING = Block(
    days=frozenset({1, 2, 5}),
    start=540,
    end=750,
    location="quay",
    forums=frozenset({Forum.IN_PERSON, Forum.TELEHEALTH}),
    services=frozenset({"session", "call"}),
)
PROVIDER = Provider(
    id="anna-berg",
    name="Anna Bérg",
    title="Psychologist",
    email="anna@example.org",
    time_zone="Europe/Berlin",
    self_schedule=SelfSchedule.LINK,
    services={
        "session": Service("session", "Session", 50, 15, 5, 10, 1440, 90, 4, "£85", "An hour, nearly."),
        "call": Service("call", "Call", 20),
    },
    locations={"quay": Location("quay", "The Quay", "1 Quay Lane", "Europe/London")},
    blocks=(MORNING,),
    overrides=(Override(date(2027, 12, 24)), Override(date(2027, 4, 15), (MORNING,), "quay")),
    max_per_day=6,
    telehealth_url="https://meet.example/anna",
    photo_url="https://example.org/anna.jpg",
    locale="de",
    mail_initials_only=False,
    rules=AnswerRules(0, 30),
    version="abc",
)
PRACTICE = Practice(
    "harbour",
    "Harbour Psychology",
    "Harbour Office",
    "Call us.",
    "Europe/London",
    "en-GB",
    5,
    "Privately.",
    version="abc",
)


def test_a_provider_comes_back_as_it_was_written() -> None:
    assert provider_from_json(provider_to_json(PROVIDER), "abc") == PROVIDER


def test_services_come_back_in_the_order_of_the_practice() -> None:
    assert list(provider_from_json(provider_to_json(PROVIDER), "abc").services) == ["session", "call"]


def test_values_come_back_with_their_own_types() -> None:
    provider = provider_from_json(provider_to_json(PROVIDER), "abc")
    assert isinstance(provider.self_schedule, SelfSchedule)
    assert all(isinstance(forum, Forum) for forum in provider.blocks[0].forums)
    assert isinstance(provider.overrides[1].blocks[0].days, frozenset)


def test_a_practice_comes_back_as_it_was_written() -> None:
    assert practice_from_json(practice_to_json(PRACTICE), "abc") == PRACTICE


def test_the_same_provider_gives_the_same_text_whatever_the_hash_seed() -> None:
    program = (
        "import sys; sys.path[:0] = ['layers/shared', 'tests/unit']\n"
        "import test_snapshots as it\n"
        "print(ascii(it.provider_to_json(it.PROVIDER)), end='')"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert texts == {ascii(provider_to_json(PROVIDER))}


@pytest.mark.parametrize(
    "other",
    [
        replace(PROVIDER, name="Anna Berg"),
        replace(PROVIDER, mail_initials_only=True),
        replace(PROVIDER, rules=AnswerRules(0, 31)),
        replace(PROVIDER, blocks=()),
        replace(PROVIDER, blocks=(replace(MORNING, end=751),)),
        replace(PROVIDER, overrides=PROVIDER.overrides[:1]),
        replace(PROVIDER, services={"call": PROVIDER.services["call"]}),
        replace(PROVIDER, locations={"quay": replace(PROVIDER.locations["quay"], address="2 Quay Lane")}),
    ],
)
def test_the_version_changes_with_anything_in_the_snapshot(other: Provider) -> None:
    assert version_of(provider_to_json(other)) != version_of(provider_to_json(PROVIDER))


def test_the_version_does_not_depend_on_the_version() -> None:
    assert provider_to_json(replace(PROVIDER, version="other")) == provider_to_json(PROVIDER)
    assert practice_to_json(replace(PRACTICE, version="other")) == practice_to_json(PRACTICE)


def test_a_version_is_sixteen_hexadecimal_digits_of_sha_256() -> None:
    assert version_of("") == "e3b0c44298fc1c14"


def test_defaults_are_written_out_so_that_a_later_default_changes_nothing_stored() -> None:
    (call,) = [item for item in json.loads(provider_to_json(PROVIDER))["services"] if item["id"] == "call"]
    assert call["min_notice"] == 1440
    assert call["max_per_day"] is None


def test_a_snapshot_of_newer_code_with_keys_unknown_here_can_be_read() -> None:
    document = json.loads(provider_to_json(PROVIDER))
    document["pronouns"] = "she"
    document["services"][0]["colour"] = "blue"
    document["rules"]["holidays"] = []
    document["overrides"][0]["reason"] = "holiday"
    assert provider_from_json(json.dumps(document), "abc") == PROVIDER


def test_a_snapshot_of_older_code_takes_the_defaults_of_what_it_lacks() -> None:
    document = json.loads(provider_to_json(PROVIDER))
    del document["rules"], document["locale"], document["services"][0]["step"]
    provider = provider_from_json(json.dumps(document), "abc")
    assert (provider.rules, provider.locale, provider.services["session"].step) == (AnswerRules(), "en", 15)


def test_reading_imports_nothing_but_the_standard_library() -> None:
    program = (
        "import sys; sys.path.insert(0, 'layers/shared')\n"
        "before = set(sys.modules)\n"
        "import openhour.adapters.snapshots\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(new - set(sys.stdlib_module_names)))"
    )
    result = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert result.stdout.strip() == "['openhour']"
