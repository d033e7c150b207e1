"""Validates JSON against a schema."""

import jsonschema_rs


def check() -> None:
    validator = jsonschema_rs.validator_for({"type": "object", "properties": {"a": {"type": "integer"}}})
    assert validator.is_valid({"a": 1}) and not validator.is_valid({"a": "x"})
    assert "integer" in next(iter(validator.iter_errors({"a": "x"}))).message
