"""pandas, one function for each kind of work, on a table of 10 MB."""

import io

import pandas as pd
from arrays import digits

ROWS = 220_000
SHOPS = ["north", "east", "south", "west", "harbour", "station", "market", "airport"]


def table():
    lines = ["order,shop,customer,day,price,quantity"]
    for row in range(ROWS):
        shop = SHOPS[row * 7919 % len(SHOPS)]
        customer = row * 31337 % 5000
        lines.append(f"{row},{shop},customer-{customer:04},2024-{row % 12 + 1:02}-{row % 28 + 1:02},{row % 977}.25,{row % 9}")
    return "\n".join(lines) + "\n"


# Made while the module is imported: only its functions are timed.
TEXT = table()
FRAME = pd.read_csv(io.StringIO(TEXT))
CUSTOMERS = pd.DataFrame({"customer": [f"customer-{n:04}" for n in range(5000)], "discount": [n % 7 for n in range(5000)]})


def read_csv():
    frame = pd.read_csv(io.StringIO(TEXT), parse_dates=["day"])
    return [len(frame), str(frame["day"].max()), *digits(frame["price"].sum())]


def groupby():
    found = []
    for _ in range(3):
        sums = FRAME.groupby(["shop", "day"])["price"].agg(["sum", "mean", "count"])
        found += digits(sums["sum"].max(), sums["mean"].min(), sums["count"].sum())
    return found


def merge():
    found = []
    for _ in range(3):
        merged = FRAME.merge(CUSTOMERS, on="customer")
        found += digits((merged["price"] * merged["quantity"] * (100 - merged["discount"])).sum(), len(merged))
    return found
