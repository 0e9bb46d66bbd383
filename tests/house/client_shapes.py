"""Writes clients/degenduel/shapes.py from the description of the API: `python -m tests.house.client_shapes`."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app import create_app
from app.core.api.describing import description
from tests.house.sources import ROOT

PAGE = ROOT / "clients/degenduel/shapes.py"
HEAD = '''"""What is told and answered, made from the description of the API (`python -m tests.house.client_shapes`)."""

# ruff: noqa: E501 (one line a member, however many words it may be)
from __future__ import annotations

from typing import Literal, NotRequired, TypedDict
'''
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


def page(document: Mapping[str, Any]) -> str:
    return HEAD + "".join(shape(name, schema) for name, schema in document["components"]["schemas"].items())


def shape(name: str, schema: Mapping[str, Any]) -> str:
    words = f'    """{schema["description"]}"""\n\n' if "description" in schema else ""
    return f"\n\nclass {name}(TypedDict):\n{words}" + "".join(members(schema))


def members(schema: Mapping[str, Any]) -> Iterator[str]:
    needed = set(schema.get("required", ()))
    for name, told in schema.get("properties", {}).items():
        kind = kind_of(told)
        yield f"    {name}: {kind if name in needed else f'NotRequired[{kind}]'}\n"


def kind_of(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(kind_of(one) for one in schema["anyOf"]))
    if "enum" in schema:
        return f"Literal[{', '.join(map(json.dumps, schema['enum']))}]"
    if schema.get("type") == "array":
        return f"list[{kind_of(schema['items'])}]"
    return PLAIN[schema["type"]]


def current() -> str:
    app = create_app()
    with app.app_context():
        return page(description(app, "https://ops.example"))


if __name__ == "__main__":
    PAGE.write_text(current(), encoding="utf-8")
