"""Reads a table of a warehouse with pypaimon, a reader that shares no code with the writer.

Usage: read_table.py <warehouse> <database> <table>

Prints one JSON object: "columns", "rows" (cells as text, null as null, in the order of the reader) and "sums"
(of the columns that hold whole or decimal numbers). Cells are exact: a decimal is its unscaled number, a floating
number the hex of its 8 bytes, bytes are hex, a date is days, a time milliseconds and a timestamp microseconds.
"""

import decimal
import json
import struct
import sys

import pyarrow as pa
from pypaimon import CatalogFactory
from pypaimon.common.identifier import Identifier

decimal.getcontext().prec = 100


def read(warehouse, database, table):
    """The table's rows as Arrow, or None when it has none."""
    catalog = CatalogFactory.create({"warehouse": warehouse})
    builder = catalog.get_table(Identifier.create(database, table)).new_read_builder()
    splits = builder.new_scan().plan().splits()
    return builder.new_read().to_arrow(splits) if splits else None


def plain(column):
    """The column with dates and times as the numbers behind them."""
    kind = column.type
    if pa.types.is_date32(kind) or pa.types.is_time32(kind):
        return column.cast(pa.int32())
    if pa.types.is_timestamp(kind):
        return column.cast(pa.timestamp("us")).cast(pa.int64())
    return column


def text(value, kind):
    """One cell, exactly."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, decimal.Decimal):
        return str(int(value.scaleb(kind.scale)))
    if isinstance(value, float):
        return struct.pack(">d", value).hex()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


def summed(column, kind):
    """The sum of a column of whole or decimal numbers as text, or None for others."""
    if not (pa.types.is_integer(kind) or pa.types.is_decimal(kind)):
        return None
    return str(sum(int(text(value, kind)) for value in column if value is not None))


def main():
    found = read(*sys.argv[1:4])
    if found is None:
        print(json.dumps({"columns": [], "rows": [], "sums": {}}))
        return
    kinds = [field.type for field in found.schema]
    columns = [plain(column).to_pylist() for column in found.columns]
    cells = [[text(value, kind) for value in column] for column, kind in zip(columns, kinds)]
    sums = {name: summed(*pair) for name, *pair in zip(found.column_names, columns, kinds)}
    print(json.dumps({
        "columns": found.column_names,
        "rows": [list(row) for row in zip(*cells)],
        "sums": {name: value for name, value in sums.items() if value is not None},
    }, ensure_ascii=False))


if __name__ == "__main__":
    main()
