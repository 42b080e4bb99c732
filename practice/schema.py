"""The JSON Schema (draft 2020-12) of the practice file: it helps editors; the command checks more than it can say."""

import json
from pathlib import Path

from practice.model import PracticeFile

SCHEMA_FILE = Path(__file__).with_name("practice.schema.json")


def schema_text() -> str:
    """The schema as it is kept in `practice.schema.json`."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | PracticeFile.model_json_schema()
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
