// What jira.js and confluence.js send. Reads the operations that `peers_calls --operations` describes, calls every one
// that a client of theirs has under the same id, and writes what it sent, with the arguments that it was given:
// `{"api", "name", "args", "sent": {"method", "target", "headers", "body"}}`, or `"failed"` instead of `"sent"`.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const modules = `${process.env.TONGS_PEERS_NPM}/node_modules`;
const load = (path) => import(pathToFileURL(`${modules}/${path}`));
const jira = await load("jira.js-6/dist/index.js");
const confluence = await load("confluence.js/dist/index.js");

/** Name, file name and content of each part. */
const partsOf = (form) => Promise.all([...form].map(async ([name, value]) =>
  typeof value === "string" ? [name, null, value] : [name, value.name, await value.text()]));

const SITE = "https://site.example";
let sent;
globalThis.fetch = async (input, init = {}) => {
  const request = input instanceof Request ? input : undefined;
  const url = new URL(request ? request.url : input);
  const headers = Object.fromEntries(new Headers(init.headers ?? request?.headers));
  delete headers.authorization;
  const body = init.body ?? null;
  if (body instanceof FormData) headers["content-type"] = "multipart/form-data";
  sent = {
    method: (init.method ?? request?.method ?? "GET").toUpperCase(),
    target: url.href.slice(SITE.length),
    headers,
    body: body === null ? "" : typeof body === "string" ? body
      : body instanceof FormData ? JSON.stringify(await partsOf(body)) : `[${body.constructor.name}]`,
  };
  return new Response(null, { status: 204 });
};

const config = { host: SITE, auth: { type: "bearer", token: "token" } };
const functions = (client) =>
  Object.fromEntries(Object.values(client).filter((group) => group && typeof group === "object")
    .flatMap((group) => Object.entries(group).filter(([, value]) => typeof value === "function")));
const made = (create) => functions(create(config));
const clients = {
  jira_v3: made(jira.createCloudClient),
  jira_software: made(jira.createAgileClient),
  jira_service_management: made(jira.createServiceDeskClient),
  confluence_v1: made(confluence.createV1Client),
  confluence_v2: made(confluence.createV2Client),
};

/** Ids that the service desk API gives to two operations: only the names tell them apart. */
const REPEATED = new Set(["getPropertiesKeys", "getProperty", "setProperty", "deleteProperty", "getArticles", "getOrganizations"]);

const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

/** One value, or two for a list. */
function valueOf(parameter) {
  const one = {
    string: parameter.value || `${parameter.name.replace(/\W/g, "")} 1/é`,
    integer: 10,
    number: 1.5,
    boolean: true,
  }[parameter.type];
  if (!parameter.list) return parameter.in === "path" && parameter.type === "string" ? "A-1" : one;
  return [one, parameter.type === "integer" ? 11 : `${one}2`];
}

/** Gives what the operation's parameters are, and for whatever else is asked a text: members of a body. */
function argumentsFor(operation, args) {
  const known = new Map(operation.parameters.flatMap((p) => [[camel(p.name), p], [p.name, p]]));
  return new Proxy({}, {
    get(_, name) {
      if (typeof name !== "string" || name === "then") return undefined;
      const parameter = known.get(name) ?? known.get(`_${name}`);
      if (!parameter) return operation.body === "files" && /attachments?|file/i.test(name)
        ? { filename: "a.txt", content: Buffer.from("hot") } : `body ${name} "é"`;
      return (args[parameter.name] ??= valueOf(parameter));
    },
    has: () => true,
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  const operation = JSON.parse(line);
  const known = clients[operation.api];
  const call = known?.[camel(operation.name)] ?? (REPEATED.has(operation.id) ? undefined : known?.[operation.id]);
  if (!call) continue;
  const args = {};
  sent = undefined;
  let failed;
  try {
    await call(argumentsFor(operation, args));
  } catch (error) {
    failed = String(error.message).split("\n")[0].slice(0, 200);
  }
  const result = sent ? { sent } : { failed: failed ?? "nothing was sent" };
  console.log(JSON.stringify({ api: operation.api, name: operation.name, id: operation.id, kind: operation.body, args, ...result }));
}
