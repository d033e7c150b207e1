"""What a guest with pandas does first: sums up a handful of rows."""

import sys

import pandas as pd


def main() -> None:
    if "--only-import" in sys.argv:
        return
    orders = pd.DataFrame({"shop": ["north", "east", "north"], "price": [1.5, 2.0, 2.5]})
    sums = orders.groupby("shop")["price"].sum()
    if sums.to_dict() != {"north": 4.0, "east": 2.0}:
        raise ValueError(sums)
