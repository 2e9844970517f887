// Manifests with one thing wrong, or just different: node forge_mutants.cjs OUTPUT EVERY MANIFEST… (of all mutants each EVERYth)
// Every edit of what follows is made at every place of the area (remotes, endpoints, who names them, permissions, providers,
// Connect, the environment), one at a time, so the same manifests always give the same mutants. Names each on standard
// output: `NNNN.yml <manifest> <place> <edit>`.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const YAML = require(require.resolve("yaml", { paths: [require.resolve("@forge/manifest")] }));

const AREA = [
  /^\/remotes(\/|$)/,
  /^\/modules\/(endpoint|remote|migration:dataResidency)(\/|$)/,
  /^\/modules\/[^/]+\/\d+\/(.+\/)?(endpoint|resolver)(\/|$)/,
  /^\/permissions(\/(scopes|external|external\/fetch)(\/|$)|$)/,
  /^\/permissions\/external\/fetch\//,
  /^\/app\/connect(\/|$)/,
  /^\/connectModules$/,
  /^\/providers\/auth\/\d+\/(remotes(\/|$)|actions\/[^/]+\/remote$)/,
  /^\/environment(\/|$)/,
  /^\/services(\/\d+\/key)?$/,
];
// Not of the area, though below it.
const BESIDE = /^\/modules\/migration:dataResidency(?!(\/\d+(\/remote)?)?$)|^\/modules\/[^/]+\/\d+\/resolver\/method$/;

const URLS = [
  "https://a.example.com/path?q=1#f", "http://a.example.com", "HTTPS://A.EXAMPLE.COM", "wss://a.example.com", "ws://a.example.com",
  "ftp://a.example.com", "file:///etc/passwd", "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "mailto:a@b.c",
  "custom:thing", "*", "*.example.com", "https://*.example.com", "https://*", "https://a.*.com", "*.*.com", "**.example.com", "*example.com",
  "localhost", "localhost:3000", "https://localhost", "https://localhost.", "https://127.0.0.1", "https://[::1]", "https://[::1].com",
  "https://1.2.3", "https://1.2.3.4.5", "https://256.1.1.1", "https://0x7f.1", "https://a.b:0", "https://a.b:65535", "https://a.b:65536",
  "https://a.b:x", "https://a.b:", "https://u:p@a.b", "https://a b.com", " https://a.b", "https://a.b ", "https:a.b", "https:/a.b", "https:///a.b",
  "https:\\\\a.b", "//a.b", "/a.b", "a.b/c:d", "a.b:8443", "https://ä.example.com", "https://xn--4ca.example.com", "https://ex_ample.com",
  "https://exa$mple.com", "https://%61.example.com", "https://%zz.example.com", "https://a.b%20c", "https://a..b", "https://.a.b", "https://a.b.",
  "https://-a.b", "https://", "https://.", "https://?a.b", "https://a.b\\@c.d", "https://a.b/\n", "remote", "undefined.remote", "${UNLISTED}.example.com",
  "https://${UNLISTED}", "https://a!b.com", "https://a,b.com", "https://a'b.com", "https://a(b).com", "https://a+b.com", "https://a|b.com",
  "https://a<b.com", "https://a^b.com", "https://a~b.com", "https://a=b.com", "https://a&b.com", "https://a;b.com", "https://a`b.com",
  "https://a{b}.com", "https://a.b/" + "x".repeat(990), "https://" + "x".repeat(980) + ".com", "https://" + "x".repeat(300) + ".com",
];
const KEYS = ["", "a", "-", "_x", "9lives", "__proto__", "a.b", "a b", "a/b", "ä", "a\n", "x".repeat(23), "x".repeat(24), "x".repeat(25), "x".repeat(26),
  "x".repeat(255), "x".repeat(256), "undefined", "constructor", "Store", "STORE", "null", "worker-", "Worker"];
const WORDS = {
  operations: ["storage", "compute", "fetch", "other", "Storage", "store", "write", ""],
  scopes: ["read:jira-work", "read:app-user-token", "read:app-system-token", "read:nothing", "", "READ:JIRA-WORK", "read:jira-work "],
  category: ["analytics", "Analytics", "marketing", ""],
  regions: ["default", "EU", "US", "AU", "DE", "SG", "CA", "IN", "KR", "JP", "GB", "CH", "UK", "eu", "Default", "RU", ""],
  authentication: ["jwt", "none", ""],
};
const ANYTHING = [null, "", "text", "x".repeat(24), "x".repeat(1001), 0, 5, 1.5, true, false, [], {}, ["text"], [null], [{}], { text: 1 }, { key: "a" }];

const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const copy = (value) => structuredClone(value);
const pointer = (steps) => steps.map((step) => `/${step}`).join("");
const at = (root, steps) => steps.reduce((node, step) => node[step], root);

// Makes a copy of `root` whose collection at `steps` is changed, once it is asked for.
const changed = (root, steps, change) => () => {
  const out = copy(root);
  change(at(out, steps));
  return out;
};

// The map with its key `from` called `to`, in the same place.
function renamed(root, steps, from, to) {
  const replace = (node, rest) => {
    if (rest.length > 0) return Array.isArray(node) ? node.map((item, i) => (i === rest[0] ? replace(item, rest.slice(1)) : item))
      : Object.fromEntries(Object.entries(node).map(([key, value]) => [key, key === rest[0] ? replace(value, rest.slice(1)) : value]));
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key === from ? to : key, value]));
  };
  return () => replace(copy(root), steps);
}

function* places(node, steps = []) {
  yield steps;
  if (Array.isArray(node)) for (let i = 0; i < node.length; ++i) yield* places(node[i], [...steps, i]);
  else if (isMap(node)) for (const key of Object.keys(node)) yield* places(node[key], [...steps, key]);
}

function misspelt(name) {
  const other = name[0] === name[0].toLowerCase() ? name[0].toUpperCase() : name[0].toLowerCase();
  return [`${name}s`, name.slice(0, -1), other + name.slice(1), name.toUpperCase(), ` ${name}`, `${name[0]}${name}`].filter((word) => word !== name && word !== "");
}

// What a value of that name may be mistaken for.
function values(steps, value) {
  const name = steps.at(-1);
  const owner = steps.at(-2);
  const out = [...ANYTHING];
  if (typeof value === "string") out.push(`${value}x`, ` ${value}`, value.toUpperCase(), value.slice(0, -1), [value], { [value]: true });
  if (typeof value === "boolean") out.push(!value, String(value), "yes", "on", 1);
  if (["baseUrl", "address", "default"].includes(name) || owner === "backend" || owner === "client" || owner === "baseUrl") out.push(...URLS);
  if (name === "baseUrl") out.push(...WORDS.regions.flatMap((word) => [{ [word]: "https://a.b" }, { default: "https://a.b", [word]: "https://c.d" }]),
    { default: "" }, { default: null }, { default: 5 }, { default: "*" }, { default: "not a url" });
  if (["key", "remote", "endpoint", "function", "service"].includes(name) || owner === "remotes") out.push(...KEYS);
  for (const words of ["operations", "scopes"]) if (owner === words) out.push(...WORDS[words]);
  if (name === "category") out.push(...WORDS.category);
  if (name === "authentication") out.push(...WORDS.authentication);
  if (name === "operations") out.push(...WORDS.operations.map((word) => [word]), ["storage", "storage"], "storage", { storage: true });
  if (name === "auth") out.push({ appSystemToken: { enabled: true } }, { appUserToken: { enabled: true } }, { appToken: { enabled: true } }, { appUserToken: {} }, { appUserToken: true });
  if (name === "route") out.push("/path", { path: "" }, { path: "no-slash" }, { path: "https://evil.example" }, { path: 5 }, { path: "/x", more: 1 });
  if (name === "resolver") out.push({ function: "run", endpoint: "answers" }, { endpoint: "answers" }, { function: "run" }, { remote: "store" }, { endpoint: "answers", more: 1 });
  return out;
}

// Every mutant of a manifest: [place, edit, what makes it].
function* mutants(root) {
  for (const steps of places(root)) {
    const place = pointer(steps);
    if (steps.length === 0 || BESIDE.test(place) || !AREA.some((area) => area.test(place))) continue;
    const name = steps.at(-1);
    const owner = steps.slice(0, -1);
    const value = at(root, steps);
    yield [place, "delete", changed(root, owner, (node) => (Array.isArray(node) ? node.splice(name, 1) : delete node[name]))];
    const seen = new Set([JSON.stringify(value)]);
    for (const other of values(steps, value)) {
      const text = JSON.stringify(other);
      if (seen.has(text)) continue;
      seen.add(text);
      yield [place, `= ${text.length > 60 ? `${text.slice(0, 60)}… (${text.length})` : text}`, changed(root, owner, (node) => (node[name] = copy(other)))];
    }
    if (typeof name === "number") {
      yield [place, "twice", changed(root, owner, (node) => node.splice(name, 0, copy(value)))];
      yield [place, "in a list", changed(root, owner, (node) => (node[name] = [copy(value)]))];
    } else {
      const names = owner.at(-1) === "baseUrl" ? WORDS.regions : owner.at(-1) === "scopes" ? WORDS.scopes : misspelt(name);
      for (const other of names) {
        if (other !== name) yield [place, `called ${JSON.stringify(other)}`, renamed(root, owner, name, other)];
      }
    }
    if (isMap(value)) {
      for (const [key, more] of [["more", 1], ["baseURL", "https://a.b"], ["unlicensedAccess", true], ["remote", "store"], ["service", "worker"], ["endpoint", "events"],
        ["function", "run"], ["resolver", { function: "run" }], ["configurable", { name: "n", description: "d" }], ["storage", { inScopeEUD: true }], ["inScopeEUD", true]]) {
        if (!(key in value)) yield [place, `with ${key}`, changed(root, steps, (node) => (node[key] = more))];
      }
    }
    // Somewhere else: under each of the sections, and one level higher.
    if (typeof name === "string" && steps.length <= 4) {
      for (const target of [[], ["app"], ["modules"], ["permissions"], steps.slice(0, -2)]) {
        if (pointer(target) === pointer(owner)) continue;
        yield [place, `moved to ${pointer(target) || "/"}`, changed(root, [], (node) => {
          const source = at(node, owner);
          const moved = source[name];
          delete source[name];
          const goal = at(node, target);
          if (isMap(goal)) goal[name] = moved;
        })];
      }
    }
  }
}

// Edits of the text itself.
function* texts(text) {
  yield ["text", "CR LF", text.replaceAll("\n", "\r\n")];
  yield ["text", "byte order mark", `\ufeff${text}`];
  yield ["text", "a tab before remotes", text.replace("\nremotes:", "\n\tremotes:")];
  yield ["text", "a tab as indentation", text.replace(/\n {2}- key: /, "\n\t- key: ")];
  yield ["text", "a tab after a colon", text.replace("baseUrl: ", "baseUrl:\t")];
  yield ["text", "a bracket that stays open", `${text}\nmore: [1, 2\n`];
  yield ["text", "a quote that stays open", `${text}\nmore: "x\n`];
  yield ["text", "remotes twice", `${text}\nremotes: []\n`];
  yield ["text", "key twice", text.replace(/\n( +)baseUrl: /, "\n$1baseUrl: https://x.y\n$1baseUrl: ")];
  yield ["text", "two documents", `${text}\n---\na: 1\n`];
  yield ["text", "end of document", `${text}\n...\n`];
  yield ["text", "start of document", `---\n${text}`];
  yield ["text", "YAML 1.2", `%YAML 1.2\n---\n${text}`];
  yield ["text", "an alias of nothing", text.replace("baseUrl: ", "baseUrl: *gone #")];
  yield ["text", "a merge key", text.replace(/\n( +)baseUrl: /, "\n$1<<: {operations: [compute]}\n$1baseUrl: ")];
  yield ["text", "less indentation", text.replace("    baseUrl: ", "   baseUrl: ")];
  yield ["text", "no space after the colon", text.replace("baseUrl: ", "baseUrl:")];
  yield ["text", "a colon in a value", text.replace(/baseUrl: .*/, "baseUrl: https://a.b: c")];
  yield ["text", "a placeholder", text.replace(/baseUrl: .*/, "baseUrl: {{ApiUrl}}")];
  yield ["text", "an unlisted variable", text.replace(/baseUrl: .*/, "baseUrl: ${SOMETHING}")];
  yield ["text", "nothing", ""];
  yield ["text", "a comment", "# nothing\n"];
  yield ["text", "null", "null\n"];
  yield ["text", "a list", "- a\n"];
  yield ["text", "words", "a manifest\n"];
}

// The manifest, or null if it is no YAML with a map at its top.
function parsed(text) {
  try {
    const root = YAML.parse(text, { logLevel: "error" });
    return isMap(root) ? root : null;
  } catch {
    return null;
  }
}

const [output, every, ...manifests] = process.argv.slice(2);
const COLLAPSED = { lineWidth: 0, aliasDuplicateObjects: false };
let count = 0;
for (const manifest of manifests) {
  const text = fs.readFileSync(manifest, "utf8");
  const root = parsed(text);
  const all = function* () {
    for (const [place, edit, mutant] of root === null ? [] : mutants(root)) yield [place, edit, () => YAML.stringify(mutant(), COLLAPSED)];
    for (const [place, edit, mutant] of texts(text)) yield [place, edit, () => mutant];
  };
  for (const [place, edit, mutant] of all()) {
    if (++count % Number(every) !== 0) continue;
    const file = `${String(count).padStart(6, "0")}.yml`;
    fs.writeFileSync(path.join(output, file), mutant());
    console.log(`${file} ${path.basename(manifest)} ${place} ${edit}`);
  }
}
