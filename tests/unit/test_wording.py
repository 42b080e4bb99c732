"""Every text has a place where it is shown, and every place has its text, in every language there is."""

import re
import string
from collections import defaultdict

import pytest
from jinja2 import nodes

from openhour.adapters.mail.links import ACTIONS
from openhour.adapters.mail.pages import TEMPLATES, environment
from openhour.adapters.pages.answer_page import FORM_FIELDS, LABELS, PROBLEMS_TOLD, Told
from openhour.adapters.wording.catalogue import FALLBACK, Catalogue, catalogue, entries_of, tags
from openhour.domain.transitions import MailKind, Status
from openhour.domain.values import Forum

LANGUAGES = sorted(tag for tag in tags() if "-" not in tag)
TRANSLATIONS = sorted({*LANGUAGES} - {FALLBACK})
REGIONS = sorted(tag for tag in tags() if "-" in tag)
NAME_COUNTS = {"format.weekdays": 7, "format.months": 12, "format.halves": 2}

# What must not be read over somebody's shoulder, in any of the languages.
TELLING = re.compile(
    r"th[eé]rap|terap|counsel|psych|psic|psiq|mental|seel|health|gesund|sant[eé]\b|salud|cl[ií]ni[ck]|clinique|praxis"
    r"|patient|pacient|treat|behandl|traite|tratam|diagn|krank|malad|enferm|doctor|\barzt|ärzt|médic|médec"
    r"|session|sitzung|séance|sesión|beratung|consulta",
    re.IGNORECASE,
)
FAMILIAR = {
    "de": re.compile(r"\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]ein\w*|[Ee]uch|[Ee]u[er]\w*)\b"),
    "fr": re.compile(r"\b(tu|te|toi|ton|ta|tes)\b|\bt\u2019", re.IGNORECASE),
    "es": re.compile(r"\b(tú|tu|tus|te|ti|contigo|vosotr[oa]s|vuestr\w*)\b", re.IGNORECASE),
}
THE_SAME_AS_IN_ENGLISH = {
    "de": {"details.status", "answer_page.status", "forum.telehealth", "format.halves"},
    "fr": {"format.halves"},
    "es": set[str](),
}

# Used by name in the modules; the templates' keys are read from the templates.
FIELDS_FROM_CODE: dict[str, set[str]] = {
    "format.date": {"weekday", "day", "month", "year"},
    "format.day": {"day"},
    "format.first_day": {"day"},
    "format.time": {"hour", "hour12", "minute", "half"},
    "format.instant": {"date", "time"},
    "format.session": {"date", "start", "end"},
    "format.session_past_midnight": {"date", "start", "end_date", "end"},
    "format.in_city_zone": {"when", "city", "zone", "offset"},
    "format.in_zone": {"when", "zone", "offset"},
    "format.offset_change": {"before", "after"},
    "details.when": set(),
    "details.when_there": {"when"},
    "details.provider": set(),
    "details.client": set(),
    "details.service": set(),
    "details.where": set(),
    "details.status": set(),
    "details.unnamed_client": set(),
    "details.instead": set(),
    "details.stands": set(),
    "details.stays": set(),
    "details.unnamed_attendee": set(),
    "details.attendee": set(),
    "action.sign_in": set(),
    "answer_page.attendee_name": {"name"},
    "answer_page.attendee_guardian": {"name"},
    **{
        f"answer_page.{name}": set()
        for name in ("offer", "other_times", "back", "take_back", "cancel_summary", "cancel")
    },
    "answer_page.choose_times": {"most"},
    **{f"answer_page.error_{field}": {"most", "longest"} for field in (*FORM_FIELDS, "other")},
    "calendar.description": set(),
    "calendar.join": {"url"},
    "calendar.answering": {"url"},
    **{f"around.{name}": set() for name in ("before", "after", "day", "nothing")},
    **{f"around.{name}": {"time"} for name in ("until", "from")},
    "around.placed": {"when", "place"},
    "around.held": {"when"},
    "around.full": {"booked", "held", "hours", "minutes"},
    **{f"forum.{forum}": set() for forum in Forum},
    **{f"status.{status}": set() for status in Status},
    **{str(action): set() for actions in ACTIONS.values() for action in actions},
    **{f"answer_page.{told}_heading": set() for told in Told},
    **{f"answer_page.{told}_text": {"deadline", "status"} for told in Told if told not in PROBLEMS_TOLD.values()},
    **{f"answer_page.{told}_text": set() for told in (*PROBLEMS_TOLD.values(), Told.FAILED)},
    **{f"answer_page.{label}": set() for label in (*LABELS, "status", "reason_label")},
    **{
        f"{kind}.{part}": {"when", "date", "sender", "deadline"} for kind in MailKind for part in ("subject", "preview")
    },
    **{f"{kind}.{part}": set() for kind in (MailKind.SIGN_IN, MailKind.UNREACHED) for part in ("subject", "preview")},
}


def calls_in(template: str) -> list[nodes.Call]:
    tree = environment().parse((TEMPLATES / template).read_text("utf-8"))
    return [call for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name) and call.node.name == "t"]


def keys_of(call: nodes.Call) -> list[str]:
    """A key is written out, or it is the heading of whatever kind is shown."""
    key = call.args[0]
    if isinstance(key, nodes.Const):
        return [str(key.value)]
    assert isinstance(key, nodes.Concat)
    assert isinstance(key.nodes[-1], nodes.Const)
    return [f"{kind}{key.nodes[-1].value}" for kind in MailKind]


def fields_by_key() -> dict[str, set[str]]:
    """Every key that is used, with the fields that every use of it gives."""
    uses: dict[str, list[set[str]]] = defaultdict(list)
    for key, fields in FIELDS_FROM_CODE.items():
        uses[key].append(fields)
    for template in environment().list_templates():
        for call in calls_in(template):
            for key in keys_of(call):
                uses[key].append({given.key for given in call.kwargs})
    return {key: set.intersection(*given) for key, given in uses.items()}


def fields_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_exactly_the_texts_that_are_used(language: str) -> None:
    used = set(fields_by_key()) | set(NAME_COUNTS)
    held = set(entries_of(language))
    assert held - used == set(), "texts that nothing shows"
    assert used - held == set(), "texts that are missing"


@pytest.mark.parametrize("tag", REGIONS)
def test_a_region_adds_nothing_that_its_language_does_not_have(tag: str) -> None:
    language, _, _ = tag.partition("-")
    assert language in LANGUAGES
    assert set(entries_of(tag)) <= set(entries_of(language))


@pytest.mark.parametrize("tag", sorted(tags()))
def test_a_text_has_only_fields_that_every_use_of_it_fills_in(tag: str) -> None:
    given = fields_by_key()
    for key, text in catalogue(tag).texts.items():
        assert fields_in(text) <= given[key], key


@pytest.mark.parametrize("tag", sorted(tags()))
def test_a_translation_shows_the_same_facts_as_english(tag: str) -> None:
    english = catalogue(FALLBACK).texts
    for key, text in catalogue(tag).texts.items():
        if not key.startswith("format."):
            assert fields_in(text) == fields_in(english[key]), key


@pytest.mark.parametrize("tag", sorted(tags()))
def test_names_of_days_and_months_are_complete_and_different(tag: str) -> None:
    names = catalogue(tag).names
    assert {key: len(set(names[key])) for key in names} == NAME_COUNTS


@pytest.mark.parametrize("tag", sorted(tags()))
def test_no_text_is_empty_or_has_markup(tag: str) -> None:
    for key, text in catalogue(tag).texts.items():
        assert text.strip() == text != "", key
        assert not set(text) & set("<>&\r\n"), key


def test_there_are_four_languages() -> None:
    assert LANGUAGES == ["de", "en", "es", "fr"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_the_keys_of_english_in_the_same_order(language: str) -> None:
    """So that two files can be laid side by side."""
    assert list(entries_of(language)) == list(entries_of(FALLBACK))


def sentences_of(words: Catalogue) -> dict[str, str]:
    return {key: text for key, text in words.texts.items() if not key.startswith("format.")}


@pytest.mark.parametrize("tag", sorted(tags()))
def test_no_text_tells_what_the_appointment_is_for(tag: str) -> None:
    for key, text in sentences_of(catalogue(tag)).items():
        assert not TELLING.search(text), key


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_addresses_its_reader_politely(language: str) -> None:
    for key, text in sentences_of(catalogue(language)).items():
        assert not FAMILIAR[language].search(text), key


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_nothing_is_left_in_english(language: str) -> None:
    english, translated = entries_of(FALLBACK), entries_of(language)
    bare = {key for key, text in english.items() if not re.search("[A-Za-z]", re.sub(r"{[^}]*}", "", str(text)))}
    formats = {key for key in english if key.startswith("format.") and isinstance(english[key], str)}
    same = {key for key in english if english[key] == translated[key]}
    assert same - bare - formats == THE_SAME_AS_IN_ENGLISH[language]


@pytest.mark.parametrize("tag", sorted(tags()))
def test_no_two_mails_look_the_same_in_a_mailbox(tag: str) -> None:
    subjects = [catalogue(tag).texts[f"{kind}.subject"] for kind in MailKind]
    assert len(set(subjects)) == len(subjects)


def test_german_reads_rightly_in_switzerland_too() -> None:
    assert not [key for key, text in sentences_of(catalogue("de")).items() if "ß" in text]


def test_french_has_no_space_at_which_a_line_could_break_before_a_mark() -> None:
    broken = re.compile(r"[^\u00a0][:;?!]")
    assert not [key for key, text in sentences_of(catalogue("fr")).items() if broken.search(text)]


@pytest.mark.parametrize("kind", MailKind)
@pytest.mark.parametrize("suffix", ["txt", "html"])
def test_every_mail_has_both_templates(kind: MailKind, suffix: str) -> None:
    assert f"{kind}.{suffix}.jinja" in environment().list_templates()


def test_there_is_no_template_that_no_mail_uses() -> None:
    known = {*map(str, MailKind), "layout", "parts"}
    assert {name.partition(".")[0] for name in environment().list_templates()} == known


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("en-US", "en-US"),
        ("EN_us", "en-US"),
        ("en-US-posix", "en-US"),
        ("xx", "en"),
        ("", "en"),
        ("../../../etc/passwd", "en"),
        ("en/../en", "en"),
        ("de", "de"),
        ("de-DE", "de"),
        ("de-CH", "de"),
        ("de-AT", "de-AT"),
        ("fr-CA", "fr"),
        ("es-ES", "es"),
        ("es_US", "es-US"),
        ("es-419", "es"),
        ("pt", "en"),
    ],
)
def test_the_language_that_fits_best_is_chosen_among_those_there_are(wanted: str, found: str) -> None:
    assert catalogue(wanted).tag == found


def test_an_unknown_text_and_a_missing_field_are_errors() -> None:
    with pytest.raises(KeyError):
        catalogue("en").text("waiting.no_such_text")
    with pytest.raises(KeyError):
        catalogue("en").text("waiting.deadline")
