// Calls the API as a browser would, for what a spec needs and does not look at.
import { password } from "./lakegate.mjs";

export type Caller = <T>(path: string, body?: unknown, more?: Record<string, string>) => Promise<T>;

/** Signs in and gives a function that calls the API. */
export async function caller(url: string, login: string, secret: string = password): Promise<Caller> {
  const headers = { "content-type": "application/json" };
  const signed = await fetch(`${url}/api/session`, { method: "POST", headers, body: JSON.stringify({ login, password: secret }) });
  if (!signed.ok) throw new Error(`${login} cannot sign in: ${signed.status}`);
  const cookie = signed.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  return async <T>(path: string, body?: unknown, more: Record<string, string> = {}) => {
    const method = body === undefined ? "GET" : "POST";
    const answer = await fetch(`${url}${path}`, { method, headers: { ...headers, cookie, ...more }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
}

type Source = { id: string; tables: number };

/** The bundled source, once its catalogue was read. */
export async function source(call: Caller): Promise<string> {
  const end = Date.now() + 30_000;
  while (Date.now() < end) {
    const { sources } = await call<{ sources: Source[] }>("/api/choices");
    const read = sources.find(({ tables }) => tables > 0);
    if (read) return read.id;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("the catalogue was not read within 30 s");
}

/** Adds somebody with the demo's password, by the operator. */
export async function addPerson(url: string, who: { login: string; name: string; team: string; owns?: string[] }): Promise<void> {
  const ops = await caller(url, "ops");
  const { token } = await ops<{ token: string }>("/api/people", { owns: [], ...who });
  const headers = { "content-type": "application/json" };
  const set = await fetch(`${url}/api/password`, { method: "POST", headers, body: JSON.stringify({ token, password }) });
  if (!set.ok) throw new Error(`${who.login} got no password: ${set.status}`);
}

/** Asks for tables, as `database.table`; gives the request's id. */
export async function ask(call: Caller, title: string, tables: string[]): Promise<string> {
  const from = await source(call);
  const named = tables.map((name) => {
    const [database, table] = name.split(".");
    return { source: from, table: { database, table } };
  });
  const body = { title, reason: "Occupancy by city.", route: "lake", tier: "minutes", tables: named };
  const { row } = await call<{ row: { id: string } }>("/api/requests", body, { "idempotency-key": `spec-${title}`.replace(/[^a-z0-9-]/gi, "-") });
  return row.id;
}
