"""Intersects polygons."""

import pyclipper


def check() -> None:
    clipper = pyclipper.Pyclipper()
    clipper.AddPath(((0, 0), (10, 0), (10, 10), (0, 10)), pyclipper.PT_SUBJECT, True)
    clipper.AddPath(((5, 5), (15, 5), (15, 15), (5, 15)), pyclipper.PT_CLIP, True)
    result = clipper.Execute(pyclipper.CT_INTERSECTION)
    assert len(result) == 1 and sorted(result[0]) == [[5, 5], [5, 10], [10, 5], [10, 10]]
    assert pyclipper.Area(result[0]) == 25
