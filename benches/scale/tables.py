"""Prints tables."""

# The longest text that is printed in full.
WIDTH = 72


def show(title: str, names: list[str], rows: list[list[str]]) -> None:
    """A table with a title, its numbers to the right."""
    cells = [names, *([cell if len(cell) <= WIDTH else f"{cell[: WIDTH - 3]}..." for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    print(f"\n{title}")
    for row in cells:
        padded = [
            cell.rjust(width) if rows and is_number(rows[0][number]) else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(padded).rstrip())
    print(flush=True)


def is_number(text: str) -> bool:
    """As in `1.5`."""
    return text.replace(".", "", 1).isdecimal()
