"""From a practice file to domain values, or to everything that is wrong with it."""

from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

import yaml
from pydantic import ValidationError

from openhour.adapters.snapshots import practice_to_json, provider_to_json, version_of
from openhour.domain.values import Practice, Provider
from operate.practice.clients import Lines, read_addresses
from operate.practice.complaints import problems_of
from operate.practice.errors import PracticeFileError, Problem
from operate.practice.model import PracticeFile, ProviderPart
from operate.practice.references import reference_problems, schedule_problems
from operate.practice.source import Source, parse
from operate.practice.translation import practice_of, provider_of


def load(path: str | FilePath) -> tuple[Practice, list[Provider]]:
    """The practice and its providers in the order of the file, each bearing the version of its stored text.

    Raises PracticeFileError with every problem of the file.
    """
    return values_of(read(path))


def values_of(file: PracticeFile) -> tuple[Practice, list[Provider]]:
    """The same of a file that has been checked."""
    practice = practice_of(file.practice)
    providers = [provider_of(provider, file) for provider in file.providers]
    return (
        replace(practice, version=version_of(practice_to_json(practice))),
        [replace(provider, version=version_of(provider_to_json(provider))) for provider in providers],
    )


def listed_clients(path: str | FilePath) -> Lines | None:
    """The addresses of the clients that the practice knows; None where the file names no list.

    Raises PracticeFileError with every problem of the file, or of the list.
    """
    name = read(path).practice.known_clients_file
    return None if name is None else read_addresses(FilePath(path).parent / name)


def read(path: str | FilePath) -> PracticeFile:
    """The checked file in its own terms. Raises PracticeFileError with every problem of the file."""
    return checked(str(path), _text(path))


def checked(name: str, text: str) -> PracticeFile:
    """The same of a file's text; `name` is what its problems are told of. Raises PracticeFileError."""
    source = _parsed(name, text)
    if source.data is None:
        raise PracticeFileError(name, [Problem((), "the file is empty")])
    problems = [*source.repeated_keys(), *reference_problems(source.data), *_schedules(source.data)]
    try:
        file = PracticeFile.model_validate(source.data)
    except ValidationError as error:
        raise _with_lines(name, source, [*problems, *problems_of(error)]) from None
    if problems:
        raise _with_lines(name, source, problems)
    return file


def _text(path: str | FilePath) -> str:
    try:
        return FilePath(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PracticeFileError(str(path), [Problem((), f"is not UTF-8 text (byte {error.start})")]) from error
    except OSError as error:
        raise PracticeFileError(str(path), [Problem((), f"cannot be read: {error.strerror}")]) from error


def _parsed(file: str, text: str) -> Source:
    try:
        return parse(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = " ".join(part for part in (error.context, error.problem) if part)
        line = mark.line + 1 if mark else None
        raise PracticeFileError(file, [Problem((), f"is not valid YAML: {message}", line)]) from error
    except yaml.YAMLError as error:
        raise PracticeFileError(file, [Problem((), f"is not valid YAML: {' '.join(str(error).split())}")]) from error
    except RecursionError as error:
        raise PracticeFileError(file, [Problem((), "is nested too deeply")]) from error


def _schedules(data: Any) -> list[Problem]:
    """Problems within the schedules of those providers that can be read on their own."""
    providers = data.get("providers") if isinstance(data, dict) else None
    problems: list[Problem] = []
    for position, entry in enumerate(providers if isinstance(providers, list) else []):
        try:
            provider = ProviderPart.model_validate(entry)
        except ValidationError:
            continue  # the validation of the whole file says why
        problems.extend(schedule_problems(("providers", position), provider))
    return problems


def _with_lines(file: str, source: Source, problems: list[Problem]) -> PracticeFileError:
    lines = (problem.line or source.line(problem.path) for problem in problems)
    numbered = {replace(problem, line=line) for problem, line in zip(problems, lines, strict=True)}
    return PracticeFileError(file, sorted(numbered, key=str))
