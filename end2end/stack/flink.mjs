// Flink's REST as a bare script calls it: no client of ours, so that what Lakegate does can be held against it.
import { crc32 } from "node:zlib";

/** @typedef {{ id: string, name: string, status: string, metrics: Record<string, any> }} Vertex */

const manifest = "Manifest-Version: 1.0\r\nMain-Class: org.apache.paimon.flink.action.FlinkActions\r\n\r\n";

/** A jar that only names the main class: the classes lie on the cluster. */
export function launcherJar() {
  const [name, body] = [Buffer.from("META-INF/MANIFEST.MF"), Buffer.from(manifest)];
  const about = Buffer.alloc(26);
  about.writeUInt16LE(10, 0); // the version needed; flags, method and time stay 0
  about.writeUInt16LE(0x21, 8); // 1980-01-01
  about.writeUInt32LE(crc32(body), 10);
  about.writeUInt32LE(body.length, 14);
  about.writeUInt32LE(body.length, 18);
  about.writeUInt16LE(name.length, 22);
  const entry = Buffer.concat([Buffer.from("PK\x03\x04"), about, name, body]);
  const listed = Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), about, Buffer.alloc(14), name]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(entry.length, 16);
  return Buffer.concat([entry, listed, end]);
}

/** Asks again until the answer is there. @template T @param {() => Promise<T | undefined | false | null>} ask @param {number} seconds @returns {Promise<T>} */
export async function until(ask, seconds, every = 100) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${ask}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

/** @param {string} url where Flink listens */
export function flink(url) {
  /** @param {string} path @param {RequestInit} [how] @returns {Promise<any>} */
  const call = async (path, how) => {
    const ask = () => fetch(`${url}${path}`, { ...how, signal: AbortSignal.timeout(60_000) });
    // A connection that was kept may be to a JobManager that has died since; a question is asked again.
    const answer = await ask().catch((cause) => (how === undefined ? ask() : Promise.reject(cause)));
    const body = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(body).slice(0, 4000)}`);
    return body;
  };
  const post = (/** @type {string} */ path, /** @type {unknown} */ body) =>
    call(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

  return {
    call,
    /** The id of the uploaded launcher. */
    async upload() {
      const form = new FormData();
      form.append("jarfile", new Blob([launcherJar()]), "launcher.jar");
      const { filename } = await call("/jars/upload", { method: "POST", body: form });
      return filename.slice(filename.lastIndexOf("/") + 1);
    },
    /** Deletes what was uploaded. */
    async forgetJars() {
      for (const { id } of (await call("/jars")).files) await call(`/jars/${id}`, { method: "DELETE" });
    },
    /** @param {string} jar @param {string} name @param {string[]} args @param {object} [more] @returns {Promise<string>} the job's id */
    async run(jar, name, args, more = {}) {
      const entryClass = "org.apache.paimon.flink.action.FlinkActions";
      const jobId = crypto.randomUUID().replaceAll("-", "");
      const flinkConfiguration = { "pipeline.name": name };
      const said = await post(`/jars/${jar}/run`, { entryClass, programArgsList: args, jobId, flinkConfiguration, ...more });
      return said.jobid;
    },
    /** @param {string} job @returns {Promise<{ state: string, vertices: Vertex[] }>} */
    job: (job) => call(`/jobs/${job}`),
    /** @param {string} job @returns {Promise<any>} */
    checkpoints: (job) => call(`/jobs/${job}/checkpoints`),
    /** @returns {Promise<{ jid: string, name: string, state: string }[]>} */
    jobs: async () => (await call("/jobs/overview")).jobs,
    /** Until each of its tasks runs. @param {string} job */
    running: (job) => until(async () => {
      const { vertices } = await call(`/jobs/${job}`);
      return vertices.length > 0 && vertices.every((/** @type {Vertex} */ vertex) => vertex.status === "RUNNING");
    }, 120),
    /** Until one more checkpoint has completed that began from now on. @param {string} job */
    checkpointed: async (job) => {
      const from = Date.now();
      return until(async () => {
        const { latest } = await call(`/jobs/${job}/checkpoints`);
        return latest.completed?.trigger_timestamp >= from && latest.completed;
      }, 120);
    },
    /** Ends a job with a savepoint; its path. @param {string} job @param {string} folder @returns {Promise<string>} */
    async stop(job, folder) {
      const { "request-id": asked } = await post(`/jobs/${job}/stop`, { targetDirectory: folder, drain: false });
      const { operation } = await until(async () => {
        const said = await call(`/jobs/${job}/savepoints/${asked}`);
        return said.status.id === "COMPLETED" && said;
      }, 60);
      // A poll that says COMPLETED may be a failure.
      if (operation["failure-cause"]) throw new Error(operation["failure-cause"]["stack-trace"]);
      return operation.location;
    },
    /** @param {string} job */
    async cancel(job) {
      const answer = await fetch(`${url}/jobs/${job}?mode=cancel`, { method: "PATCH" });
      if (answer.status !== 202) throw new Error(`cancel: ${answer.status}`);
      await until(async () => ["CANCELED", "FAILED", "FINISHED"].includes((await call(`/jobs/${job}`)).state), 30);
    },
  };
}
