"""Tensors of NumPy in bytes, saved to a file, and invalid bytes."""

import os
import tempfile

import numpy as np
import safetensors
from safetensors.numpy import load, load_file, save, save_file


def check():
    tensors = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.array([1, -2], dtype=np.int64)}
    saved = save(tensors, metadata={"kind": "test"})
    loaded = load(saved)
    assert all((loaded[name] == tensors[name]).all() for name in tensors)
    try:
        load(b"\xff" * 16)
        raise AssertionError("bytes that are no tensors were accepted")
    except safetensors.SafetensorError:
        pass
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "x.safetensors")
        save_file(tensors, file)
        with open(file, "rb") as opened:
            assert (load(opened.read())["a"] == tensors["a"]).all()
        try:
            load_file(file)
            raise AssertionError("a file was mapped")
        except OSError as error:
            assert "unsupported" in str(error)
