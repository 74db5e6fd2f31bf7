// PostGraphile on the benchmark's database, as its own documentation sets it up. As it comes, it authenticates nobody: the
// tenant is whatever the header says, and row-level security does the rest. Told so, it has the duties of duties.mjs.
import { createServer } from "node:http";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { postgraphile } from "postgraphile";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const [host, user, database, port, name, duties] = process.argv.slice(2);

const poolConfig = {
  host,
  user,
  database,
  port: 5432,
  max: 10,
  // The harness tells by this name which of the database's processes work for this server.
  application_name: name,
  // A connection that ended between two readings would take its processor time with it.
  idleTimeoutMillis: 0,
};

const asItComes = {
  grafast: {
    context: (request) => ({
      pgSettings: { "wardship.organisation_id": request.node.req.headers["x-organisation"] ?? "" },
    }),
  },
};

async function dutiful(service) {
  const { dutiesPreset } = await import("./duties.mjs");
  return dutiesPreset(service.adaptorSettings.pool);
}

const schemas = ["public", "bench", ...(duties ? ["bench_duties"] : [])];
const service = makePgService({ poolConfig, schemas });
const preset = {
  extends: [PostGraphileAmberPreset, duties ? await dutiful(service) : asItComes],
  pgServices: [service],
  grafast: { explain: false },
  grafserv: { graphiql: false, watch: false },
};

const server = createServer();
const instance = postgraphile(preset);
await instance.createServ(grafserv).addTo(server);
server.listen(Number(port), "127.0.0.1", () => console.log("ready"));
