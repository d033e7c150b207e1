"""pydantic-core without pydantic: validators, serializers and errors, from schemas written by hand."""

from datetime import date
from decimal import Decimal

import pydantic_core
from pydantic_core import (
    PydanticCustomError,
    PydanticKnownError,
    SchemaError,
    SchemaSerializer,
    SchemaValidator,
    ValidationError,
    core_schema,
)

USER = core_schema.typed_dict_schema(
    {
        "name": core_schema.typed_dict_field(core_schema.str_schema(min_length=1, strip_whitespace=True)),
        "age": core_schema.typed_dict_field(core_schema.int_schema(ge=0, le=150)),
        "tags": core_schema.typed_dict_field(
            core_schema.with_default_schema(
                core_schema.list_schema(core_schema.str_schema(pattern=r"^[a-z]+$")), default_factory=list
            ),
        ),
        "born": core_schema.typed_dict_field(core_schema.nullable_schema(core_schema.date_schema()), required=False),
    }
)


def validates() -> None:
    validator = SchemaValidator(USER)
    assert validator.validate_python({"name": " Ada ", "age": "36"}) == {"name": "Ada", "age": 36, "tags": []}
    text = '{"name": "Ada", "age": 36, "tags": ["maths"], "born": "1815-12-10"}'
    assert validator.validate_json(text)["born"] == date(1815, 12, 10)
    assert validator.isinstance_python({"name": "Ada", "age": 36})
    assert not validator.isinstance_python({"name": "Ada"})


def reports_every_error() -> None:
    try:
        SchemaValidator(USER).validate_python({"name": "", "age": 151, "tags": ["1"]})
    except ValidationError as error:
        found = {(detail["type"], detail["loc"]) for detail in error.errors()}
        assert found == {
            ("string_too_short", ("name",)),
            ("less_than_equal", ("age",)),
            ("string_pattern_mismatch", ("tags", 0)),
        }, found
        assert error.error_count() == 3
        assert error.title == "typed-dict"
        assert "3 validation errors" in str(error)
        assert pydantic_core.from_json(error.json())[1]["ctx"] == {"le": 150}
    else:
        raise AssertionError("accepted")


def custom_errors() -> None:
    def even(value: int) -> int:
        if value % 2:
            raise PydanticCustomError("odd_number", "{value} is odd", {"value": value})
        if value > 100:
            raise PydanticKnownError("less_than", {"lt": 100})
        return value

    validator = SchemaValidator(core_schema.no_info_after_validator_function(even, core_schema.int_schema()))
    assert validator.validate_python("4") == 4
    for value, kind, message in [(3, "odd_number", "3 is odd"), (102, "less_than", "Input should be less than 100")]:
        try:
            validator.validate_python(value)
        except ValidationError as error:
            [detail] = error.errors()
            assert (detail["type"], detail["msg"]) == (kind, message), detail
        else:
            raise AssertionError(f"{value} was accepted")

    error = PydanticCustomError("kind", "about {what}", {"what": "this"})
    assert (error.type, error.message(), error.context) == ("kind", "about this", {"what": "this"})


def python_errors_pass_through() -> None:
    def fail(_: int) -> int:
        raise LookupError("not a validation error")

    validator = SchemaValidator(core_schema.no_info_after_validator_function(fail, core_schema.int_schema()))
    try:
        validator.validate_python(1)
    except LookupError as error:
        assert str(error) == "not a validation error"
    else:
        raise AssertionError("nothing was raised")


def serializes() -> None:
    serializer = SchemaSerializer(
        core_schema.typed_dict_schema(
            {
                "price": core_schema.typed_dict_field(core_schema.decimal_schema()),
                "day": core_schema.typed_dict_field(core_schema.date_schema()),
                "secret": core_schema.typed_dict_field(core_schema.str_schema(), serialization_exclude=True),
            }
        )
    )
    value = {"price": Decimal("1.50"), "day": date(2024, 2, 29), "secret": "x"}
    assert serializer.to_python(value) == {"price": Decimal("1.50"), "day": date(2024, 2, 29)}
    assert serializer.to_json(value) == b'{"price":"1.50","day":"2024-02-29"}'


def refuses_a_wrong_schema() -> None:
    try:
        SchemaValidator({"type": "no such type"})
    except SchemaError as error:
        assert "no such type" in str(error)
    else:
        raise AssertionError("accepted")


def converts_json() -> None:
    value = {"text": "größer", "numbers": [1, 2.5, None, True], "date": date(2024, 1, 1)}
    text = pydantic_core.to_json(value)
    assert pydantic_core.from_json(text) == value | {"date": "2024-01-01"}
    assert pydantic_core.to_jsonable_python(value)["date"] == "2024-01-01"
    assert pydantic_core.from_json('["cut of', allow_partial="trailing-strings") == ["cut of"]


def main() -> None:
    assert pydantic_core.__version__ == "2.41.5"
    validates()
    reports_every_error()
    custom_errors()
    python_errors_pass_through()
    serializes()
    refuses_a_wrong_schema()
    converts_json()
