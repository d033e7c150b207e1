"""Contour lines and filled contours of a circle."""

import contourpy
import numpy


def check() -> None:
    x = numpy.linspace(-2, 2, 50)
    z = x[:, None] ** 2 + x[None, :] ** 2
    generator = contourpy.contour_generator(x, x, z)
    lines = generator.lines(1.0)
    assert len(lines) == 1
    assert abs(numpy.hypot(*lines[0].T) - 1).max() < 0.01
    assert len(generator.filled(0.5, 1.0)[0]) == 1
