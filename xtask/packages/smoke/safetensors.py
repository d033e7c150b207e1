"""Tensors of NumPy in bytes and in a file, and bytes that are no tensors."""

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
    try:
        folder = tempfile.mkdtemp()
    except OSError:
        # The host opens no folder to the guest.
        return
    file = os.path.join(folder, "x.safetensors")
    save_file(tensors, file)
    assert (load_file(file)["a"] == tensors["a"]).all()
    with safetensors.safe_open(file, framework="numpy") as opened:
        assert opened.get_slice("a")[1:, :2].tolist() == [[3, 4]]
