"""One function per feature; each raises if it does not work."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    SecretStr,
    TypeAdapter,
    ValidationError,
    computed_field,
    field_serializer,
    field_validator,
    model_validator,
)


def refused(make: Callable[[], Any]) -> dict[tuple[int | str, ...], str]:
    """The type of each error by its place."""
    try:
        make()
    except ValidationError as error:
        return {detail["loc"]: detail["type"] for detail in error.errors()}
    raise AssertionError("accepted")


class Account(BaseModel):
    name: Annotated[str, Field(min_length=2, max_length=10, pattern=r"^[A-Z]")]
    balance: Annotated[Decimal, Field(ge=0, max_digits=6, decimal_places=2)]
    limits: Annotated[list[int], Field(min_length=1, max_length=3)]


def constraints() -> None:
    account = Account(name="Ada", balance=Decimal("10.50"), limits=[1])
    assert account.balance == Decimal("10.5")
    assert refused(lambda: Account(name="ada", balance=Decimal("-1"), limits=[])) == {
        ("name",): "string_pattern_mismatch",
        ("balance",): "greater_than_equal",
        ("limits",): "too_short",
    }
    assert refused(lambda: Account(name="A", balance=Decimal("0.001"), limits=[1, 2, 3, 4])) == {
        ("name",): "string_too_short",
        ("balance",): "decimal_max_places",
        ("limits",): "too_long",
    }


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_default=True)

    required: int | None
    optional: str | None = None
    made: list[int] = Field(default_factory=list)
    number: int = "7"  # type: ignore[assignment]


def optional_and_default_fields() -> None:
    first, second = Settings(required=None), Settings(required=1)
    first.made.append(1)
    assert second.made == []
    assert first.number == 7
    assert second.model_fields_set == {"required"}
    assert second.model_dump(exclude_unset=True) == {"required": 1}
    assert refused(lambda: Settings(unknown=1)) == {  # type: ignore[call-arg]
        ("required",): "missing",
        ("unknown",): "extra_forbidden",
    }


class Address(BaseModel):
    street: str
    city: str = "Paris"


class Person(BaseModel):
    name: str
    address: Address
    friends: dict[str, Person] = {}


def nested_models() -> None:
    person = Person.model_validate(
        {"name": "Ada", "address": {"street": "Rue"}, "friends": {"b": {"name": "Bob", "address": {"street": "Way"}}}}
    )
    assert person.friends["b"].address.city == "Paris"
    assert person.model_copy(update={"name": "Eva"}).name == "Eva"
    broken = {"name": "Ada", "address": {"street": 1}, "friends": {"b": {"name": "Bob"}}}
    assert refused(lambda: Person.model_validate(broken)) == {
        ("address", "street"): "string_type",
        ("friends", "b", "address"): "missing",
    }


class Color(Enum):
    RED = "red"


class Event(BaseModel):
    at: datetime
    lasts: timedelta
    color: Color
    identity: UUID
    numbers: set[int]
    pair: tuple[int, str]
    url: HttpUrl
    secret: SecretStr
    ratio: float
    flag: bool


EVENT = {
    "at": "2024-05-06T07:08:09Z",
    "lasts": "PT1H",
    "color": "red",
    "identity": "12345678-1234-5678-1234-567812345678",
    "numbers": ["3", 2, 2],
    "pair": ["1", "x"],
    "url": "https://example.com/a b",
    "secret": "hidden",
    "ratio": "0.5",
    "flag": "yes",
}


def coercion() -> None:
    event = Event.model_validate(EVENT)
    assert event.at == datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone.utc)
    assert event.lasts == timedelta(hours=1)
    assert event.color is Color.RED
    assert event.numbers == {2, 3}
    assert event.pair == (1, "x")
    assert str(event.url) == "https://example.com/a%20b"
    assert "hidden" not in repr(event) and event.secret.get_secret_value() == "hidden"
    assert (event.ratio, event.flag) == (0.5, True)
    assert refused(lambda: Event.model_validate(EVENT, strict=True))[("numbers",)] == "set_type"


def json_out() -> None:
    event = Event.model_validate(EVENT)
    dumped = json.loads(event.model_dump_json(exclude={"numbers", "pair", "url"}, indent=2))
    assert dumped == {
        "at": "2024-05-06T07:08:09Z",
        "lasts": "PT1H",
        "color": "red",
        "identity": "12345678-1234-5678-1234-567812345678",
        "secret": "**********",
        "ratio": 0.5,
        "flag": True,
    }, dumped
    person = Person(name="Ada", address=Address(street="Rue"))
    assert Person.model_validate_json(person.model_dump_json()) == person


class Range(BaseModel):
    low: int
    high: int

    @field_validator("low", "high", mode="before")
    @classmethod
    def from_words(cls, value: Any) -> Any:
        return {"one": 1, "two": 2}.get(value, value)

    @model_validator(mode="after")
    def in_order(self) -> Range:
        if self.low > self.high:
            raise ValueError("upside down")
        return self

    @computed_field
    @property
    def width(self) -> int:
        return self.high - self.low

    @field_serializer("low")
    def as_text(self, low: int) -> str:
        return str(low)


def validators() -> None:
    assert Range(low="one", high=5).model_dump() == {"low": "1", "high": 5, "width": 4}  # type: ignore[arg-type]
    assert refused(lambda: Range(low=2, high=1)) == {(): "value_error"}


T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    items: list[T]


class Tree(BaseModel):
    children: list[Tree] = []


def generic_and_recursive_models() -> None:
    assert Page[int](items=["1"]).items == [1]  # type: ignore[list-item]
    assert refused(lambda: Page[int](items=["x"])) == {("items", 0): "int_parsing"}  # type: ignore[list-item]
    tree = Tree.model_validate({"children": [{"children": [{}]}]})
    assert tree.children[0].children[0].children == []


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = 9


class Dog(BaseModel):
    kind: Literal["dog"]
    tricks: int = 0


class Home(BaseModel):
    pet: Cat | Dog = Field(discriminator="kind")


def discriminated_unions() -> None:
    assert Home.model_validate({"pet": {"kind": "dog"}}).pet == Dog(kind="dog")
    assert refused(lambda: Home.model_validate({"pet": {"kind": "cow"}})) == {("pet",): "union_tag_invalid"}


def adapters() -> None:
    adapter = TypeAdapter(dict[str, list[Cat]])
    assert adapter.validate_json('{"a": [{"kind": "cat"}]}') == {"a": [Cat(kind="cat")]}
    assert adapter.dump_json({"a": [Cat(kind="cat", lives=1)]}) == b'{"a":[{"kind":"cat","lives":1}]}'


def json_schema() -> None:
    schema = Person.model_json_schema()
    assert schema["$defs"]["Person"]["required"] == ["name", "address"]
    assert schema["$defs"]["Address"]["properties"]["city"]["default"] == "Paris"
