// The duties that Wardship has with each request, added to PostGraphile as its documentation says: the caller is looked
// up in the `grafast.context` hook, plans of personal fields are wrapped, and what was seen is recorded in a middleware.
import { createHash } from "node:crypto";
import { context, flagError, SafeError, Step } from "postgraphile/grafast";
import { getOperationAST } from "postgraphile/graphql";
import { wrapPlans } from "postgraphile/utils";

// Named, so that each connection prepares them once.
const AUTHENTICATE = {
  name: "authenticate",
  text: `select organisation_id, member_id, roles, scopes from authenticate('token', $1, null)
    where expires_at > now() and member_state = 'active'`,
};
const RECORD = { name: "record", text: "select bench_private.record_access($1, $2, $3, $4, $5)" };

const READS_OTHERS = new Set(["auditor", "org_admin", "org_owner", "privacy_officer"]);

// Personal fields of a member, besides the name that everybody sees, and what they are kept as.
const CATEGORIES = {
  title: "user.name",
  firstName: "user.name.first",
  lastName: "user.name.last",
  jobTitle: "user.job_title",
  company: "user.contact.organization",
  email: "user.contact.email",
  phone: "user.contact.phone_number",
  postalAddress: "user.contact.address",
};
const KEYS = Object.values(CATEGORIES);

/** Passes the values of one field on, all rows at once, and notes in the context whose they are. */
class SeenStep extends Step {
  static $$export = { moduleName: "bench", exportName: "SeenStep" };
  isSyncAndSafe = true;

  constructor($value, $memberId, bit) {
    super();
    this.bit = bit;
    this.addDependency($value);
    this.addDependency($memberId);
    this.addDependency(context());
  }

  execute({ indexMap, values: [values, memberIds, contexts] }) {
    const { caller, seen } = contexts.at(0);
    return indexMap((i) => {
      const value = values.at(i);
      const id = memberIds.at(i);
      if (!value || id === caller.member_id) return value;
      if (!caller.readsOthers) return flagError(new SafeError("You may not see this of others."));
      seen.set(id, (seen.get(id) ?? 0) | this.bit);
      return value;
    });
  }
}

const noted = KEYS.map((_, place) => (plan, $member) => new SeenStep(plan(), $member.get("id"), 1 << place));
const notesWhatIsSeen = wrapPlans(
  { Member: Object.fromEntries(Object.keys(CATEGORIES).map((field, place) => [field, noted[place]])) },
  { name: "NotesWhatIsSeenPlugin" },
);

async function authenticate(pool, header = "") {
  const [scheme, token = ""] = header.split(" ");
  const hash = createHash("sha256").update(token).digest();
  const { rows } = scheme.toLowerCase() === "bearer" ? await pool.query({ ...AUTHENTICATE, values: [hash] }) : { rows: [] };
  if (rows.length === 0) throw Object.assign(new SafeError("Sign in."), { statusCode: 401 });
  const [caller] = rows;
  return { ...caller, readsOthers: caller.roles.some((role) => READS_OTHERS.has(role)) };
}

async function record(pool, caller, seen) {
  const masks = [...new Set(seen.values())];
  const categories = masks.map((mask) => KEYS.filter((_, place) => mask & (1 << place)).sort().join(" "));
  const seenAs = Array.from(seen.values(), (mask) => masks.indexOf(mask) + 1);
  const values = [caller.organisation_id, caller.member_id, [...seen.keys()], seenAs, categories];
  await pool.query({ ...RECORD, values });
}

/** The preset that adds the duties; the pool is the one that PostGraphile reads with. */
export function dutiesPreset(pool) {
  const recordsWhatIsSeen = {
    name: "RecordsWhatIsSeenPlugin",
    version: "0.0.0",
    grafast: {
      middleware: {
        async execute(next, { args }) {
          const { caller, seen } = args.contextValue;
          const { operation } = getOperationAST(args.document, args.operationName);
          if (!caller.scopes.includes(operation === "query" ? "read" : "write")) {
            throw new SafeError("The token has not the scope for this.");
          }
          const answer = await next();
          // Before the answer is sent: one that can't be recorded is not given.
          if (seen.size > 0) await record(pool, caller, seen);
          return answer;
        },
      },
    },
  };
  return {
    plugins: [notesWhatIsSeen, recordsWhatIsSeen],
    grafast: {
      context: async (request) => {
        const caller = await authenticate(pool, request.node.req.headers.authorization);
        const pgSettings = { "wardship.organisation_id": caller.organisation_id, "wardship.member_id": caller.member_id };
        return { pgSettings, caller, seen: new Map() };
      },
    },
  };
}
