"""JSON written and read: the C accelerator, strings, dicts."""

import json

ROUNDS = 20


def document():
    return {
        "users": [
            {
                "id": number,
                "name": f"user {number} \u00e9",
                "score": number / 7,
                "tags": ["a", "b", str(number % 10)],
                "address": {"street": f"{number} Main Street", "zip": None, "valid": number % 2 == 0},
            }
            for number in range(400)
        ]
    }


def run():
    value = document()
    lengths = 0
    for _ in range(ROUNDS):
        text = json.dumps(value, sort_keys=True)
        lengths += len(text)
        value = json.loads(text)
        lengths += len(json.dumps(value, indent=1))
    return lengths, value["users"][-1]
