// PostGraphile on the benchmark's database, as its own documentation sets it up. It authenticates nobody: the tenant is
// whatever the header says, and row-level security does the rest.
import { createServer } from "node:http";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { postgraphile } from "postgraphile";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const [host, user, database, port] = process.argv.slice(2);

const pool = {
  host,
  user,
  database,
  port: 5432,
  max: 10,
  // The harness tells by this name which of the database's processes work for this server.
  application_name: "postgraphile",
  // A connection that ended between two readings would take its processor time with it.
  idleTimeoutMillis: 0,
};

const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ poolConfig: pool, schemas: ["public", "bench"] })],
  grafast: {
    explain: false,
    context: (request) => ({
      pgSettings: { "wardship.organisation_id": request.node.req.headers["x-organisation"] ?? "" },
    }),
  },
  grafserv: { graphiql: false, watch: false },
};

const server = createServer();
const instance = postgraphile(preset);
await instance.createServ(grafserv).addTo(server);
server.listen(Number(port), "127.0.0.1", () => console.log("ready"));
