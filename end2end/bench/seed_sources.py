"""Makes SOURCES folders below a folder, each with one SQLite file of TABLES tables of 20 columns, the same every time.

Usage: python3 seed_sources.py FOLDER SOURCES TABLES.
"""

import os
import random
import sqlite3
import sys

from seed_catalogue import table



def main(folder, sources, tables):
    for number in range(sources):
        rng = random.Random(number)
        own = os.path.join(folder, f"bench-{number:02}")
        os.makedirs(own)
        file = sqlite3.connect(os.path.join(own, "prod.db"))
        file.execute("PRAGMA synchronous = OFF")
        file.execute("PRAGMA page_size = 1024")
        file.execute("PRAGMA journal_mode = OFF")
        file.execute("BEGIN")
        file.execute("CREATE TABLE _comments (table_name text, column_name text, comment text)")
        for at in range(tables):
            name, comment, columns, key, _, _ = table(rng, at)
            lines = [f'"{column["name"]}" {column["source_type"]}' for column in columns]
            lines += [f'PRIMARY KEY ("{key[0]}")'] if key else []
            file.execute(f'CREATE TABLE "{name}" ({", ".join(lines)})')
            file.execute("INSERT INTO _comments VALUES (?, '', ?)", (name, comment))
        file.execute("COMMIT")
        file.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
