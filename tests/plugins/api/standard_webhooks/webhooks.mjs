// The npm package, told what to do on a line of JSON, and answering on a line of JSON.
import { createInterface } from "node:readline";
import { Webhook } from "standardwebhooks";

const acts = {
  sign: ({ secret, id, at, body }) => ({ signature: new Webhook(secret).sign(id, new Date(at * 1000), body) }),
  verify: ({ secret, headers, body }) => ({ payload: new Webhook(secret).verify(body, headers) }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { act, ...values } = JSON.parse(line);
  let answer;
  try {
    answer = acts[act](values);
  } catch (error) {
    answer = { refused: error.name };
  }
  console.log(JSON.stringify(answer));
}
