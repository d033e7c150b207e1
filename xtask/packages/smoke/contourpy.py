"""The lines and the areas of a function of two variables."""

import contourpy
import numpy as np


def check():
    x = np.linspace(-2, 2, 50)
    z = x[:, None] ** 2 + x[None, :] ** 2
    generator = contourpy.contour_generator(x, x, z)
    (line,) = generator.lines(1.0)
    assert abs(np.hypot(*line.T) - 1).max() < 0.01
    points, offsets = generator.filled(0.5, 1.0)
    assert len(points) == 1 and len(offsets[0]) == 3
    for name in ("serial", "mpl2014", "threaded"):
        lines, codes = contourpy.contour_generator(x, x, z, name=name, line_type="SeparateCode").lines(0.5)
        assert len(lines) == len(codes) == 1
