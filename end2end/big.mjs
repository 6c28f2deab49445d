// A database of many tables at the demo's source, for what is done in bulk. Written before the server starts.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

const script = `
import sqlite3, sys
path, count = sys.argv[1], int(sys.argv[2])
database = sqlite3.connect(path)
database.execute("PRAGMA synchronous = OFF")
with database:
    for n in range(count):
        columns = ", ".join(f"c{c:02d} varchar(64)" for c in range(18))
        database.execute(f"CREATE TABLE big_{n:05d} (id bigint PRIMARY KEY, {columns}, updated_at datetime)")
        if n < 3:
            database.execute(f"INSERT INTO big_{n:05d} (id, c00) VALUES (1, 'one'), (2, 'two')")
database.close()
`;

/** The database `big` with tables `big_00000` … of 20 columns. @param {number} count */
export function bigSource(count) {
  return (/** @type {string} */ data) => {
    const folder = join(data, "sources", "sample");
    mkdirSync(folder, { recursive: true });
    execFileSync("python3", ["-c", script, join(folder, "big.db"), String(count)]);
  };
}
