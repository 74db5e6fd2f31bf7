// Two independent clients from npm, each told what to do on a line of JSON, each answer on a line of JSON.
import { createInterface } from "node:readline";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";

const [, , text] = process.argv;
const { issuer, clientId, secret, redirectUri } = JSON.parse(text);
const insecure = { [oauth.allowInsecureRequests]: true };

const oauth4webapi = {
  async begin() {
    const address = new URL(issuer);
    const found = await oauth.discoveryRequest(address, { algorithm: "oauth2", ...insecure });
    this.server = await oauth.processDiscoveryResponse(address, found);
    this.client = { client_id: clientId };
    this.proof = secret ? oauth.ClientSecretBasic(secret) : oauth.None();
    this.verifier = oauth.generateRandomCodeVerifier();
    this.state = oauth.generateRandomState();
    const url = new URL(this.server.authorization_endpoint);
    for (const [name, value] of Object.entries({
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: "code",
      scope: "members.read",
      state: this.state,
      code_challenge: await oauth.calculatePKCECodeChallenge(this.verifier),
      code_challenge_method: "S256",
    }))
      url.searchParams.set(name, value);
    return { url: url.href };
  },
  async redeem({ url }) {
    const back = oauth.validateAuthResponse(this.server, this.client, new URL(url), this.state);
    const answer = await oauth.authorizationCodeGrantRequest(
      this.server,
      this.client,
      this.proof,
      back,
      redirectUri,
      this.verifier,
      insecure,
    );
    return oauth.processAuthorizationCodeResponse(this.server, this.client, answer);
  },
  async refresh({ token }) {
    const answer = await oauth.refreshTokenGrantRequest(this.server, this.client, this.proof, token, insecure);
    return oauth.processRefreshTokenResponse(this.server, this.client, answer);
  },
  async introspect({ token }) {
    const answer = await oauth.introspectionRequest(this.server, this.client, this.proof, token, insecure);
    return oauth.processIntrospectionResponse(this.server, this.client, answer);
  },
  async revoke({ token }) {
    const answer = await oauth.revocationRequest(this.server, this.client, this.proof, token, insecure);
    await oauth.processRevocationResponse(answer);
    return {};
  },
};

const openidClient = {
  async begin() {
    this.config = await openid.discovery(
      new URL(issuer),
      clientId,
      secret ? { client_secret: secret } : undefined,
      secret ? openid.ClientSecretPost(secret) : openid.None(),
      { algorithm: "oauth2", execute: [openid.allowInsecureRequests] },
    );
    this.verifier = openid.randomPKCECodeVerifier();
    this.state = openid.randomState();
    const url = openid.buildAuthorizationUrl(this.config, {
      redirect_uri: redirectUri,
      scope: "members.read",
      state: this.state,
      code_challenge: await openid.calculatePKCECodeChallenge(this.verifier),
      code_challenge_method: "S256",
    });
    return { url: url.href };
  },
  redeem({ url }) {
    return openid.authorizationCodeGrant(this.config, new URL(url), {
      pkceCodeVerifier: this.verifier,
      expectedState: this.state,
    });
  },
  refresh({ token }) {
    return openid.refreshTokenGrant(this.config, token);
  },
  introspect({ token }) {
    return openid.tokenIntrospection(this.config, token);
  },
  async revoke({ token }) {
    await openid.tokenRevocation(this.config, token);
    return {};
  },
};

const clients = { oauth4webapi, "openid-client": openidClient };
for await (const line of createInterface({ input: process.stdin })) {
  const { client, act, ...values } = JSON.parse(line);
  let answer;
  try {
    answer = { ...(await clients[client][act](values)) };
  } catch (error) {
    answer = { refused: error.error ?? error.code ?? error.name, message: error.message };
  }
  console.log(JSON.stringify(answer));
}
