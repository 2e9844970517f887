// A remote as Atlassian's own library makes it: express, and the middleware of atlassian-connect-express that verifies
// invocations. GET /told answers with what the middleware has told the app of each that it let through.
//
// The middleware reads its keys from Atlassian's hosts, which its source names. What this program changes of it is where
// that one request goes: to the platform whose address comes on standard input.
"use strict";

const http = require("node:http");
const https = require("node:https");
const readline = require("node:readline");
const connect = require("atlassian-connect-express");
const express = require("express");

const ATLASSIAN_KEYS = "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json";

let platform;
readline.createInterface({ input: process.stdin }).once("line", (line) => {
  platform = line;
});

https.get = (url, ...others) => {
  if (url !== ATLASSIAN_KEYS) throw new Error(`nobody may ask ${url} here`);
  return http.get(`${platform}/.well-known/jwks.json`, ...others);
};

// Settings of installations, which end with the process.
class Memory {
  constructor(scope = "", values = new Map()) {
    this.scope = scope;
    this.values = values;
  }
  forForgeInstallation(id) {
    return new Memory(id, this.values);
  }
  async set(key, value) {
    this.values.set(`${this.scope} ${key}`, value);
  }
  async get(key) {
    return this.values.get(`${this.scope} ${key}`);
  }
}

const silent = { info() {}, warn() {}, error() {}, debug() {} };
console.error = () => {};  // the middleware prints each refusal with its stack

connect.store.register("memory", () => new Memory());
const app = express();
const addon = connect(app, { config: {
  descriptorTransformer: () => ({ key: "peer", baseUrl: "http://127.0.0.1" }),
  [app.get("env")]: { appId: process.argv[2], store: { adapter: "memory" }, watch: false },
} }, silent);

app.use(express.json());
app.use(addon.middleware());
const told = [];
app.post("*", addon.authenticateForge(), async (request, response) => {
  const { tokens, ...claims } = request.context.forge;
  const kept = await addon.getForgeAppToken(claims.app.installationId);
  told.push({ path: request.path, claims, tokens, kept: kept.appToken });
  response.json({ times: told.length });
});
app.get("/told", (_request, response) => response.json(told));

const server = app.listen(0, "127.0.0.1", () => console.log(`ready http://127.0.0.1:${server.address().port}`));
