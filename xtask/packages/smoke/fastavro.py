"""Writes and reads records by a schema."""

import io

import fastavro
import fastavro._write


def check() -> None:
    schema = fastavro.parse_schema(
        {"type": "record", "name": "User", "fields": [{"name": "name", "type": "string"}, {"name": "age", "type": "int"}]}
    )
    records = [{"name": "ü", "age": i} for i in range(100)]
    file = io.BytesIO()
    fastavro.writer(file, schema, records, codec="deflate")
    file.seek(0)
    assert list(fastavro.reader(file)) == records
    assert fastavro.writer.__module__ == "fastavro._write" or fastavro._write.writer
