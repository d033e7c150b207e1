"""Counts, validates, and is called through its `main`."""

import os

import wadup
from pydantic import BaseModel, Field, ValidationError
from shapes import NAMES

calls = 0


class User(BaseModel):
    name: str
    age: int = Field(ge=0, le=150)
    email: str | None = None


def main():
    global calls
    calls += 1
    wadup.define_table("calls", [("number", "Int64")])
    wadup.insert_row("calls", [calls])

    with open("/data.bin", encoding="utf-8") as file:
        users = [User.model_validate_json(line) for line in file]
    wadup.define_table("users", [("name", "String"), ("age", "Int64"), ("email", "String")])
    for user in users:
        wadup.insert_row("users", [user.name, user.age, user.email or ""])
    wadup.flush()

    try:
        User(name="Bob", age=151)
    except ValidationError as error:
        assert error.errors()[0]["type"] == "less_than_equal"
    else:
        raise AssertionError("an impossible age was accepted")
    assert NAMES == ["circle", "größer als ein Quadrat"]
    assert_that_nothing_of_rust_is_here()
    # Whoever calls a module's `main` does not look at this.
    return len(users)


def assert_that_nothing_of_rust_is_here():
    files = {
        os.path.relpath(os.path.join(folder, file), "/wadup/app")
        for folder, _, files in os.walk("/wadup/app")
        for file in files
        if "__pycache__" not in folder
    }
    assert files == {
        "my_module.py",
        "on_import.py",
        "shapes/__init__.py",
        "shapes/data/names.txt",
    }, files
