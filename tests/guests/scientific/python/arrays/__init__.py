"""NumPy as most people use it, and what a port to another machine may break."""

import importlib
import importlib.metadata

import numpy as np
import numpy.random

from . import features, files, machine


def main() -> None:
    print(np.random.random(), np.random.default_rng().random())
    assert importlib.metadata.version("numpy") == np.__version__
    for module in MODULES:
        importlib.import_module(f"numpy.{module}")
    for feature in [
        features.arithmetic,
        features.products_of_matrices,
        features.broadcasting_and_indexing,
        features.sorting_and_unique,
        features.linear_algebra,
        features.singular_matrices,
        features.fourier_transforms,
        features.random_numbers,
        features.legacy_random_numbers,
        features.dates,
        features.text,
        features.records,
        features.statistics,
        features.polynomials,
        features.masked_arrays,
        features.mistakes,
        machine.sizes,
        machine.half_and_long_double,
        machine.copies_of_scalars,
        machine.methods_by_other_signatures,
        machine.floating_point_status,
        machine.memory_runs_out,
        machine.signs_of_nan,
        machine.what_wasi_lacks,
        machine.maps,
        files.save_and_load,
        files.raw_files,
        files.archives_and_text,
    ]:
        feature()


# Every extension module of NumPy but those of its tests.
MODULES = [
    "_core._multiarray_umath",
    "fft._pocketfft_umath",
    "linalg._umath_linalg",
    "linalg.lapack_lite",
    "random._bounded_integers",
    "random._common",
    "random._generator",
    "random._mt19937",
    "random._pcg64",
    "random._philox",
    "random._sfc64",
    "random.bit_generator",
    "random.mtrand",
]
