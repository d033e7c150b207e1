"""Dicts and strings made, filled, split, joined and thrown away."""

WORDS = "the quick brown fox jumps over the lazy dog and runs far away from there".split()
ROUNDS = 20


def run():
    checksum = 0
    for round_number in range(ROUNDS):
        counts = {}
        for number in range(3000):
            key = f"{WORDS[number % len(WORDS)]}-{(number * 7919 + round_number) % 1000}"
            counts[key] = counts.get(key, 0) + 1
        text = ",".join(f"{key}={value}" for key, value in sorted(counts.items()))
        pairs = dict(part.split("=") for part in text.split(","))
        inverted = {}
        for key, value in pairs.items():
            inverted.setdefault(value, []).append(key.upper().replace("-", "_")[::-1])
        for key in list(pairs)[::2]:
            del pairs[key]
        checksum += len(text) + len(pairs) + sum(len("".join(names)) for names in inverted.values())
    return checksum
