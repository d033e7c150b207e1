"""NumPy, one function for each kind of work."""

import numpy as np

SIZE = 1_000_000


def elementwise():
    values = np.linspace(0, 10, SIZE)
    for _ in range(5):
        values = np.sqrt(values * values + 1.0) - 0.5 * values
    return digits(values.sum(), np.exp(-values).sum(), np.sin(values).sum())


def reductions():
    values = np.linspace(-1, 1, SIZE).reshape(1000, 1000)
    found = []
    for _ in range(5):
        found += [values.std(), values.max(), values.argmin(), np.abs(values).sum(axis=0).mean()]
        found += [values.sum(axis=1)[7], values.cumsum()[SIZE // 2], np.median(values)]
    return digits(*found)


def matmul():
    left = np.linspace(0, 1, 256 * 256).reshape(256, 256)
    right = left.T[::-1].copy()
    product = left
    for _ in range(4):
        product = product @ right
        product /= product.max()
    return digits(product.sum(), product[3, 5])


def sort():
    values = np.random.default_rng(1).random(SIZE)
    order = values.argsort()
    return digits(np.sort(values)[SIZE // 3], order[:3].sum(), np.unique((values * 1000).astype(int)).size)


def fft():
    values = np.sin(np.arange(2**17) ** 1.1)
    for _ in range(4):
        values = np.fft.irfft(np.fft.rfft(values) * 0.5)
    spectrum = np.fft.fft(values)
    return digits(np.abs(spectrum).max(), np.abs(np.fft.fft2(values.reshape(256, 512))).sum())


def random():
    generator = np.random.default_rng(2)
    normal, whole = generator.normal(size=SIZE), generator.integers(0, 1000, SIZE)
    return digits(normal.mean() + 1, whole.sum(), generator.permutation(SIZE)[:5].sum(), generator.poisson(3, SIZE).sum())


def digits(*numbers):
    """As many as are the same whatever the order in which a machine adds up."""
    return [f"{number:.7g}" for number in numbers]
