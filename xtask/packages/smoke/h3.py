"""Cells, their neighbors and centers."""

import h3


def check() -> None:
    cell = h3.latlng_to_cell(37.7752702151959, -122.418307270836, 9)
    assert cell == "8928308280fffff"
    assert len(h3.grid_disk(cell, 1)) == 7
    try:
        h3.cell_to_latlng("8928308280fffff0")
        raise AssertionError("h3.H3BaseException was not raised")
    except h3.H3BaseException:
        pass
