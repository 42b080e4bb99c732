"""The text of a practice file: YAML without its traps, every key once, and the line each value stands on.

PyYAML reads YAML 1.1, where 10:00 is the number 600, `off` is false and 010 is eight. Here plain words are text
unless they are `true`, `false`, `null` or a decimal number, as in the core schema of YAML 1.2 (section 10.3).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from operate.practice.errors import Path, Problem


class _PlainLoader(yaml.SafeLoader):
    """Safe loader that resolves only what a person means as something other than text."""


_PLAIN_WORDS = (
    ("tag:yaml.org,2002:null", r"^(~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:bool", r"^(true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("tag:yaml.org,2002:int", r"^[-+]?(0|[1-9][0-9]*)$", list("-+0123456789")),
    ("tag:yaml.org,2002:float", r"^[-+]?[0-9]+\.[0-9]+$", list("-+0123456789")),
    ("tag:yaml.org,2002:merge", r"^<<$", ["<"]),
)
_PlainLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in _PLAIN_WORDS:
    _PlainLoader.add_implicit_resolver(_tag, re.compile(_pattern), _first)


class _PlainDumper(yaml.SafeDumper):
    """Safe dumper that puts into quotes exactly what the loader would not read as text."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        """Indent lists below their key."""
        super().increase_indent(flow, False)


class InOneLine(list[str]):
    """A list that is written as `[a, b]`."""


_PlainDumper.yaml_implicit_resolvers = _PlainLoader.yaml_implicit_resolvers
_PlainDumper.add_representer(
    InOneLine, lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)
)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    """Text of several lines as it stands, line by line."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_PlainDumper.add_representer(str, _text)


def written_out(data: Any) -> str:
    """Plain values as one YAML document that `parse` reads back as they are."""
    text: str = yaml.dump(data, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=110)
    return text


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed file: `data` as plain Python values, `root` as the nodes that know their lines."""

    data: Any
    root: yaml.Node | None

    def line(self, path: Path) -> int | None:
        """The line (from 1) of the value at `path`, or of the nearest thing around it."""
        node = self.root
        line = None
        for part in path:
            line, node = _step(node, part, line)
        return line

    def repeated_keys(self) -> Iterator[Problem]:
        """A problem for every key that stands twice in one mapping; YAML would silently keep the last."""
        return _repeated(self.root, (), set())


def parse(text: str) -> Source:
    """Parse one YAML document. Raises yaml.YAMLError when it is not one."""
    loader = _PlainLoader(text)
    try:
        root = loader.get_single_node()
        data = None if root is None else loader.construct_document(root)
    finally:
        loader.dispose()
    return Source(data, root)


def _step(node: yaml.Node | None, part: str | int, line: int | None) -> tuple[int | None, yaml.Node | None]:
    """One part of a path further: the line there and the node, or the line so far and no node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == part:
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line + 1, node.value[part]
    return line, None


def _repeated(node: yaml.Node | None, path: Path, seen: set[int]) -> Iterator[Problem]:
    if node is None or id(node) in seen:  # an alias leads to a node that was looked at already
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        yield from _repeated_here(node, path)
        for key, value in node.value:
            yield from _repeated(value, (*path, str(key.value)), seen)
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            yield from _repeated(value, (*path, position), seen)


def _repeated_here(node: yaml.MappingNode, path: Path) -> Iterator[Problem]:
    first_lines: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + 1
        if (name := str(key.value)) in first_lines:
            yield Problem((*path, name), f"stands here a second time; the first is on line {first_lines[name]}", line)
        first_lines.setdefault(name, line)
