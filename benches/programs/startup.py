"""What a guest does first: defines a model and validates a record."""

from pydantic import BaseModel


class User(BaseModel):
    name: str
    age: int
    emails: list[str] = []


def main() -> None:
    user = User.model_validate_json('{"name": "Ada", "age": "36", "emails": ["ada@example.org"]}')
    if (user.name, user.age) != ("Ada", 36):
        raise ValueError(user)


if __name__ == "__main__":
    main()
