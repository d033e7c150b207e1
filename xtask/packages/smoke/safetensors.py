"""Saves and loads arrays, and refuses broken data."""

import numpy
import safetensors
import safetensors.numpy


def check() -> None:
    arrays = {"a": numpy.arange(6, dtype=numpy.float32).reshape(2, 3)}
    saved = safetensors.numpy.save(arrays)
    assert (safetensors.numpy.load(saved)["a"] == arrays["a"]).all()
    try:
        safetensors.numpy.load(saved[:20])
        raise AssertionError("safetensors.SafetensorError was not raised")
    except safetensors.SafetensorError:
        pass
