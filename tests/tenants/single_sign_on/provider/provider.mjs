// Serves an OpenID provider on loopback: node provider.mjs '{"port": …, "issuer": "…", "clients": [{…}]}'; it prints a line once it
// listens. The issuer is another address than its own where a proxy stands before it.
import Provider from "oidc-provider";

const { port, issuer, clients } = JSON.parse(process.argv[2]);

const provider = new Provider(issuer, {
  clients,
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  features: { backchannelLogout: { enabled: true } },
  pkce: { required: () => true },
  // It keeps from inside addresses, and in a test all are.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  // The name that is typed says who it is: `zoe` is proven, `zoe.unproven` is not, `zoe@elsewhere.example` is elsewhere.
  async findAccount(_, id) {
    const name = id.replace(/[.]unproven$/, "");
    const email = name.includes("@") ? name : `${name}@harbour.example`;
    return { accountId: id, claims: () => ({ sub: id, email, email_verified: name === id, name: "Zoë Müller" }) };
  },
});
provider.on("backchannel.error", (_, error) => process.stderr.write(`${error.stack}\n${error.cause?.stack}\n`));
provider.on("server_error", (_, error) => process.stderr.write(`${error.stack}\n`));
provider.listen(port, "127.0.0.1", () => process.stdout.write("listening\n"));
