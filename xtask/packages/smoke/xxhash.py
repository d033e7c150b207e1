"""Hashes known vectors, whole and in parts."""

import xxhash


def check() -> None:
    assert xxhash.xxh64(b"xxhash", seed=20141025).hexdigest() == "b559b98d844e0635"
    assert xxhash.xxh32(b"a").intdigest() == 0x550D7456
    assert (xxhash.xxh32().name, xxhash.xxh32().digest_size) == ("XXH32", 4)
    parts = xxhash.xxh3_128(b"x" * 5000)
    parts.update(b"x" * 5000)
    assert parts.digest() == xxhash.xxh3_128(b"x" * 10_000).digest()
