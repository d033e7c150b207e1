"""One function per feature; each raises if it does not work."""

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal


def refused(exception: type[Exception], make) -> str:
    try:
        make()
    except exception as error:
        return str(error)
    raise AssertionError("accepted")


def arithmetic() -> None:
    a = np.arange(12, dtype=np.int64).reshape(3, 4)
    assert_array_equal(a @ a.T, [[14, 38, 62], [38, 126, 214], [62, 214, 366]])
    assert_array_equal(a.sum(axis=0), [12, 15, 18, 21])
    assert_array_equal(np.cumsum([1, 2, 3]), [1, 3, 6])
    assert_allclose(np.einsum("ij,kj->ik", a, a), a @ a.T)
    x = np.linspace(0, np.pi, 1001)
    assert_allclose(np.trapezoid(np.sin(x), x), 2, rtol=1e-5)
    assert_allclose(np.exp(np.log(x[1:])), x[1:], rtol=1e-14)
    assert_allclose(np.hypot(3, 4), 5)
    assert_array_equal(np.bitwise_count(np.array([7, 8], dtype=np.uint8)), [3, 1])
    assert_allclose(abs(np.array([3 + 4j])), [5])


def products_of_matrices() -> None:
    generator = np.random.default_rng(3)
    for dtype in ["i1", "u4", "f4", "f8"]:
        for rows, depth, columns in [(1, 5, 7), (2, 256, 4), (3, 257, 9), (5, 600, 6), (4, 0, 4)]:
            left = (generator.random((rows, depth)) * 9).astype(dtype)
            right = (generator.random((columns, depth)) * 9).astype(dtype).T
            expected = np.zeros((rows, columns), dtype)
            for values, factors in zip(left.T, right, strict=True):
                expected += np.multiply.outer(values, factors)
            for product in [left @ right, left.dot(right), np.asfortranarray(left) @ right.copy()]:
                # Whatever is computed together, each sum has the order of the plain loops.
                assert_array_equal(product, expected)
            assert_array_equal(left[::-1] @ right[:, ::2], expected[::-1, ::2])
    stack = generator.random((3, 8, 8))
    assert_array_equal((stack @ stack)[2], stack[2] @ stack[2])
    assert "aligned" in refused(ValueError, lambda: np.ones((2, 3)).dot(np.ones((2, 3))))


def broadcasting_and_indexing() -> None:
    a = np.zeros((3, 4))
    a[1:, ::2] = np.array([[1], [2]])
    assert_array_equal(a.sum(axis=1), [0, 2, 4])
    assert_array_equal(a[a > 1], [2, 2])
    assert_array_equal(np.where(a > 1)[0], [2, 2])
    assert_array_equal(np.take_along_axis(a, np.argsort(a, axis=1), axis=1)[2], [0, 0, 2, 2])
    assert np.broadcast_shapes((3, 1), (1, 4)) == (3, 4)
    refused(IndexError, lambda: a[5])
    refused(ValueError, lambda: a + np.zeros(3))


def sorting_and_unique() -> None:
    generator = np.random.default_rng(1)
    for dtype in ["i1", "u2", "i4", "i8", "f2", "f4", "f8", "c16"]:
        for kind in ["quick", "stable", "heap"]:
            a = generator.integers(0, 100, 1000).astype(dtype)
            assert_array_equal(np.sort(a, kind=kind), sorted(a.tolist(), key=lambda x: (x.real, x.imag)))
    assert_array_equal(np.partition([5, 1, 4, 2], 1)[:2], [1, 2])
    assert_array_equal(np.searchsorted([1, 3, 5], [0, 3, 6]), [0, 1, 3])
    values, counts = np.unique([3, 1, 3, 2], return_counts=True)
    assert_array_equal(values, [1, 2, 3])
    assert_array_equal(counts, [1, 1, 2])
    # Without an order NumPy hashes, in C++.
    assert sorted(np.unique(np.array([2.5, 1.5, 2.5]), sorted=False)) == [1.5, 2.5]
    words = np.array(["b", "a", "b"], dtype=np.dtypes.StringDType())
    assert sorted(np.unique(words, sorted=False)) == ["a", "b"]
    assert_array_equal(np.intersect1d([1, 2, 3], [2, 3, 4]), [2, 3])


def linear_algebra() -> None:
    generator = np.random.default_rng(2)
    a = generator.standard_normal((20, 20))
    b = generator.standard_normal(20)
    assert_allclose(a @ np.linalg.solve(a, b), b, atol=1e-10)
    assert_allclose(a @ np.linalg.inv(a), np.eye(20), atol=1e-10)
    u, s, vh = np.linalg.svd(a)
    assert_allclose((u * s) @ vh, a, atol=1e-10)
    q, r = np.linalg.qr(a)
    assert_allclose(q @ r, a, atol=1e-10)
    values, vectors = np.linalg.eigh(a + a.T)
    assert_allclose((a + a.T) @ vectors, vectors * values, atol=1e-10)
    values, vectors = np.linalg.eig(a)
    assert_allclose(a @ vectors, vectors * values, atol=1e-10)
    assert_allclose(np.linalg.det([[1.0, 2.0], [3.0, 4.0]]), -2)
    assert_allclose(np.linalg.cholesky([[4.0, 2.0], [2.0, 3.0]]) @ [0, 1], [0, 2**0.5])
    assert_allclose(np.linalg.lstsq(a, b)[0], np.linalg.solve(a, b), atol=1e-8)
    assert np.linalg.matrix_rank(np.ones((3, 3))) == 1


def singular_matrices() -> None:
    singular = np.ones((3, 3))
    for operation in [np.linalg.inv, lambda a: np.linalg.solve(a, np.ones(3))]:
        assert refused(np.linalg.LinAlgError, lambda: operation(singular)) == "Singular matrix"
    message = refused(np.linalg.LinAlgError, lambda: np.linalg.cholesky(-np.eye(2)))
    assert message == "Matrix is not positive definite"
    refused(np.linalg.LinAlgError, lambda: np.linalg.eig([[np.nan, 1], [1, 1]]))
    # One failure leaves no trace in the next operation.
    assert_allclose(np.linalg.inv(2 * np.eye(2)), np.eye(2) / 2)


def fourier_transforms() -> None:
    a = np.random.default_rng(3).standard_normal(1000)
    assert_allclose(np.fft.ifft(np.fft.fft(a)).real, a, atol=1e-12)
    assert_allclose(np.fft.irfft(np.fft.rfft(a)), a, atol=1e-12)
    assert_allclose(np.fft.fft([1, 0, 0, 0]), np.ones(4))
    # A prime length takes another algorithm.
    assert_allclose(np.fft.fft(np.ones(997))[0], 997)
    assert_allclose(np.fft.fft2(np.eye(3))[0, 0], 3)
    assert "Invalid number of FFT data points" in refused(ValueError, lambda: np.fft.fft([]))


def random_numbers() -> None:
    generator = np.random.default_rng(0)
    assert_allclose(generator.standard_normal(3), [0.12573022, -0.13210486, 0.64042265], rtol=1e-6)
    assert generator.integers(10, size=5).shape == (5,)
    assert sorted(generator.permutation(5)) == [0, 1, 2, 3, 4]
    for kind in [np.random.MT19937, np.random.PCG64, np.random.PCG64DXSM, np.random.Philox, np.random.SFC64]:
        first, second = (np.random.Generator(kind(7)) for _ in range(2))
        assert_array_equal(first.random(5), second.random(5))
        assert 0.4 < first.random(10_000).mean() < 0.6
    for name, arguments in {
        "beta": (2, 3), "binomial": (10, 0.5), "exponential": (), "gamma": (2,), "hypergeometric": (5, 5, 3),
        "lognormal": (), "multinomial": (5, [0.5, 0.5]), "poisson": (3,), "triangular": (0, 1, 2), "vonmises": (0, 1),
        "weibull": (2,), "zipf": (2,),
    }.items():
        assert np.isfinite(getattr(generator, name)(*arguments, size=100)).all(), name
    assert isinstance(np.random.default_rng().random(), float)


def legacy_random_numbers() -> None:
    np.random.seed(0)
    assert_allclose(np.random.rand(), 0.5488135039273248)
    assert_allclose(np.random.RandomState(42).standard_normal(), 0.4967141530112327)
    state = np.random.get_state()
    first = np.random.randint(1000, size=5)
    np.random.set_state(state)
    assert_array_equal(first, np.random.randint(1000, size=5))


def dates() -> None:
    days = np.arange("2024-02", "2024-03", dtype="datetime64[D]")
    assert len(days) == 29
    assert str(days[-1] + np.timedelta64(36, "h")) == "2024-03-01T12"
    assert np.isnat(np.datetime64("NaT"))
    assert np.busday_count("2024-01-01", "2024-02-01") == 23
    assert np.datetime_as_string(np.datetime64("2024-01-01T00:00:00.123456789")).endswith("123456789")
    refused(ValueError, lambda: np.datetime64("not a date"))


def text() -> None:
    words = np.array(["alpha", "Beta"])
    assert_array_equal(np.strings.upper(words), ["ALPHA", "BETA"])
    assert_array_equal(np.char.add(words, "!"), ["alpha!", "Beta!"])
    variable = np.array(["a", "much longer than that"], dtype=np.dtypes.StringDType())
    assert_array_equal(np.strings.str_len(variable), [1, 21])
    assert repr(np.array([1.5, 2])) == "array([1.5, 2. ])"
    assert np.format_float_positional(0.1, precision=3) == "0.1"
    assert float(np.float64("1e-320")) == 1e-320


def records() -> None:
    table = np.array([("a", 1, 2.5), ("b", 2, 3.5)], dtype=[("name", "U5"), ("count", "i4"), ("size", "f8")])
    assert table["size"].sum() == 6
    assert table[table["name"] == "b"]["count"][0] == 2
    assert np.sort(table, order="size")[0]["name"] == "a"


def statistics() -> None:
    a = np.arange(101)
    assert np.percentile(a, [25, 50]).tolist() == [25, 50]
    assert_allclose(np.corrcoef(a, -a)[0, 1], -1)
    assert_allclose(a.std(ddof=1), 29.300170647967224)
    assert_array_equal(np.histogram(a, bins=4)[0], [25, 25, 25, 26])
    assert np.nanmean([1, np.nan, 3]) == 2
    assert_allclose(np.interp(2.5, [1, 2, 3], [10, 20, 30]), 25)
    assert_array_equal(np.convolve([1, 2], [1, 1]), [1, 3, 2])


def polynomials() -> None:
    assert_allclose(sorted(np.polynomial.Polynomial([6, -5, 1]).roots()), [2, 3])
    assert_allclose(np.polyfit([0, 1, 2], [1, 3, 5], 1), [2, 1])
    assert_allclose(np.polynomial.Chebyshev.fit([0, 1, 2], [0, 1, 4], 2)(3), 9)


def masked_arrays() -> None:
    a = np.ma.masked_invalid([1, np.nan, 3])
    assert a.mean() == 2
    assert a.filled(0).tolist() == [1, 0, 3]


def mistakes() -> None:
    assert "matmul" in refused(ValueError, lambda: np.ones((2, 3)) @ np.ones((2, 3)))
    assert "invalid literal" in refused(ValueError, lambda: np.array(["x"]).astype(int))
    refused(OverflowError, lambda: np.uint8(300))
    refused(TypeError, lambda: np.array([1]) + "a")
    refused(RecursionError, lambda: nested(100_000))


def nested(depth: int) -> np.ndarray:
    return np.vectorize(lambda x: nested(depth - 1))([depth])
