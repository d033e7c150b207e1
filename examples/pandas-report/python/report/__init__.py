"""Reports on the orders in /data.bin, a CSV of date, country, customer and amount."""

import numpy as np
import pandas as pd

import money
import wadup


def main() -> None:
    orders = pd.read_csv("/data.bin", parse_dates=["date"], date_format="ISO8601", dtype={"amount": "string"})
    cents = np.empty(len(orders), dtype=np.int64)
    money.write_cents(orders["amount"].fillna("").tolist(), cents)
    orders["cents"] = cents
    report_months(orders)
    report_customers(orders)
    wadup.flush()


def report_months(orders: pd.DataFrame) -> None:
    """What each country ordered in each month, and how that compares with the month before."""
    months = orders.set_index("date").groupby("country")["cents"].resample("MS").sum()
    growth = months.groupby(level="country").pct_change()
    wadup.define_table(
        "months",
        [("country", "String"), ("month", "String"), ("revenue", "Float64"), ("growth", "Float64", 0.0)],
    )
    for (country, month), total in months.items():
        rate = growth[(country, month)]
        # Of the first month nothing can be said, nor of one after a month without orders.
        known = float(rate) if np.isfinite(rate) else None
        wadup.insert_row("months", [country, f"{month:%Y-%m}", total / 100, known])


def report_customers(orders: pd.DataFrame) -> None:
    """The ten customers who ordered most."""
    customers = orders.groupby("customer").agg(
        orders=("cents", "size"), revenue=("cents", "sum"), last=("date", "max")
    )
    wadup.define_table(
        "customers",
        [("customer", "String"), ("orders", "Int64"), ("revenue", "Float64"), ("last_order", "String")],
    )
    for row in customers.nlargest(10, "revenue").itertuples():
        wadup.insert_row("customers", [row.Index, int(row.orders), row.revenue / 100, f"{row.last:%Y-%m-%d}"])
