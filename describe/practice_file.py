"""The JSON Schema (draft 2020-12) of practice.yaml: it helps editors; the command checks more than it can say."""

import json
from pathlib import Path

from describe import ROOT
from operate.practice.model import PracticeFile


def texts() -> dict[Path, str]:
    """The schema as it is written, by where."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | PracticeFile.model_json_schema()
    return {ROOT / "practice.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"}
