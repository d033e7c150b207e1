"""pydantic as most people use it."""

import importlib.metadata

import pydantic

from . import features


def main() -> None:
    assert pydantic.VERSION == "2.12.5"
    assert importlib.metadata.version("pydantic") == "2.12.5"
    assert importlib.metadata.version("pydantic_core") == "2.41.5"
    for feature in [
        features.constraints,
        features.optional_and_default_fields,
        features.nested_models,
        features.coercion,
        features.json_out,
        features.validators,
        features.generic_and_recursive_models,
        features.discriminated_unions,
        features.adapters,
        features.json_schema,
    ]:
        feature()
