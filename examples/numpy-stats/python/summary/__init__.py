"""Summarizes the CSV of numbers in /data.bin: a row for each column, and one for each row that lies far from the rest."""

import numpy as np

import nearest
import wadup

# A row is far if it is more than this many times as far from its neighbour as most rows are from theirs.
FAR = 5


def main() -> None:
    with open("/data.bin", encoding="utf-8") as file:
        names = file.readline().strip().split(",")
        table = np.genfromtxt(file, delimiter=",", ndmin=2)
    if table.shape[1] != len(names):
        raise ValueError(f"the heading names {len(names)} columns, and the rows have {table.shape[1]}")
    summarize(names, table)
    find_far_rows(table)
    wadup.flush()


def summarize(names: list[str], table: np.ndarray) -> None:
    numbers = ["mean", "deviation", "minimum", "median", "maximum"]
    wadup.define_table(
        "columns",
        [("name", "String"), ("count", "Int64"), *((number, "Float64") for number in numbers)],
    )
    for name, column in zip(names, table.T, strict=True):
        present = column[~np.isnan(column)]
        if present.size == 0:
            raise ValueError(f"the column {name} holds no number")
        minimum, median, maximum = np.percentile(present, [0, 50, 100])
        row = [present.mean(), present.std(), minimum, median, maximum]
        wadup.insert_row("columns", [name, present.size, *map(float, row)])


def find_far_rows(table: np.ndarray) -> None:
    wadup.define_table("far_rows", [("number", "Int64"), ("distance", "Float64")])
    complete = np.flatnonzero(~np.isnan(table).any(axis=1))
    if complete.size < 3:
        return
    points = table[complete]
    deviation = points.std(axis=0)
    # Columns in different units count alike; one that never changes does not count.
    points = np.ascontiguousarray(points / np.where(deviation == 0, 1, deviation))
    distances = np.empty(len(points))
    nearest.write_distances(points, distances)
    for index in np.flatnonzero(distances > FAR * np.median(distances)):
        wadup.insert_row("far_rows", [int(complete[index]), float(distances[index])])
