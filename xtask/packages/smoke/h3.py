"""Cells of places, their neighbors and borders, and an invalid cell."""

import h3


def check():
    cell = h3.latlng_to_cell(37.7752702151959, -122.418307270836, 9)
    assert cell == "8928308280fffff" and h3.get_resolution(cell) == 9
    latitude, longitude = h3.cell_to_latlng(cell)
    assert abs(latitude - 37.7752) < 0.01 and abs(longitude + 122.4183) < 0.01
    assert len(h3.grid_disk(cell, 1)) == 7 and len(h3.cell_to_boundary(cell)) == 6
    assert h3.cell_to_parent(cell, 5) == "85283083fffffff"
    try:
        h3.cell_to_latlng("zz")
        raise AssertionError("text was accepted as a cell")
    except Exception as error:
        assert type(error).__module__.startswith("h3") or isinstance(error, ValueError), error
