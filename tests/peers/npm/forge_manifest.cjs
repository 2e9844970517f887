// What @forge/manifest finds in the manifests whose paths come on standard input, one a line. Answers with a line of JSON
// for each: its errors, which of them are of the area (remotes, endpoints, their auth, what names them, permissions), and
// the validators that broke down.
//
// Changed of the official tool, in one place each: a shape error no longer hides what comes after it, and a validator
// that breaks down is told apart from one that finds nothing.
"use strict";

const path = require("node:path");
const readline = require("node:readline");

const main = require.resolve("@forge/manifest");
const inside = (file) => require(path.join(path.dirname(main), file));
const { FullValidationProcessor } = inside("processor/full-validation-processor.js");
const { SchemaValidator } = inside("validators/schema-validator.js");

const { validators } = new FullValidationProcessor({});
const { validateSchema } = validators.find((validator) => validator instanceof SchemaValidator);

// Of the semantic findings those are of the area that say so: the tool gives them no name.
const SEMANTIC = {
  "valid-yaml-required": /./,
  "valid-app-config-required": /remote|baseUrl|region|inScopeEUD|scopes|connect/i,
  "valid-module-required": /endpoint|remote|inScopeEUD|duplicate module key '(?!undefined')|undefined service|at least 1 module/i,
  "valid-permissions-required": /external\.fetch|scopes/,
  "valid-provider-required": /remote/i,
};

// Properties that are of the area wherever they stand and do not belong.
const WORDS = new RegExp(
  `^(${[
    "remotes?|permissions?|providers|environment|services|connectModules|modules|connect|baseUrl|operations|auth|inScopeEUD",
    "configurable|supportedPatterns|appSystemToken|appUserToken|endpoint|resolver|route|scopes|external|fetch|backend|client",
    "authentication|migration:dataResidency|unlicensedAccess",
  ].join("|")})s?$`,
  "i",
);

const MISSPELT = /^m+igration:dataResidency?$/;

function isOfArea({ reference, message }) {
  const type = /^invalid value '(.*)' in modules$/.exec(message)?.[1].trim() ?? "";
  return SEMANTIC[reference]?.test(message) || WORDS.test(type) || MISSPELT.test(type);
}

// Where in a manifest every shape error is of the area.
const SECTIONS = [
  /^$/,
  /^\/(remotes|environment|connectModules)(\/|$)/,
  /^\/(modules|providers|services|providers\/auth)$/,
  /^\/modules\/(endpoint|remote|migration:dataResidency)(\/|$)/,
  /^\/modules\/[^/]+\/\d+\/resolver(\/|$)/,
  /^\/modules\/macro\/\d+\/static(\/|$)/,
  /^\/modules\/dashboards:widget\/\d+\/aiContext\/data(\/|$)/,
  /^\/modules\/devops:(design|security)InfoProvider\/\d+\/(checkAuth|getEntityByUrl|onEntity\w+|fetch\w+|search\w+)(\/|$)/,
  /^\/modules\/rovo:agentConnector\/\d+\/protocols\/agent2Agent\/jsonRpcTransport(\/|$)/,
  /^\/permissions$/,
  /^\/permissions\/(scopes(\/|$)|external$)/,
  /^\/permissions\/external\//,
  /^\/app\/connect(\/|$)/,
  /^\/providers\/auth\/\d+$/,
  /^\/providers\/auth\/\d+\/(remotes(\/|$)|actions\/[^/]+(\/remote)?$)/,
];

// A module that its type does not allow is of the area if it would do with another name for what serves it.
const SERVER = /unctio|ndpoin|esourc|esolve/;
const SERVERS = [{}, { function: "f" }, { endpoint: "e" }, { resource: "r" }, { resolver: { function: "f" } }, { resource: "r", resolver: { function: "f" } }];
const APP = { id: "ari:cloud:ecosystem::app/00000000-0000-0000-0000-000000000000", runtime: { name: "nodejs22.x" } };

function isServedWrongly(type, module) {
  if (module === null || typeof module !== "object" || Array.isArray(module)) return false;
  const rest = Object.fromEntries(Object.entries(module).filter(([name]) => !SERVER.test(name)));
  return SERVERS.some((server) => validateSchema({ app: APP, modules: { [type]: [{ ...rest, ...server }] } }));
}

function isShapeOfArea(error, manifest) {
  const { keyword, params, instancePath } = error;
  if (keyword === "if") return false;
  const module = /^\/modules\/([^/]+)\/(\d+)(\/|$)/.exec(instancePath);
  const type = module?.[1].replaceAll("~1", "/");
  if (keyword === "additionalProperties" && !(module && type === "function")) {
    if (WORDS.test(params.additionalProperty.trim().replace(/^(.)\1/, "$1"))) return true;
    if (instancePath === "") return false;
  }
  if (SECTIONS.some((section) => section.test(instancePath))) return true;
  return module !== null && isServedWrongly(type, manifest.modules[type][module[2]]);
}

async function judge(file) {
  const out = { file, errors: [], area: [], broken: [] };
  const add = (list, { reference, message, line }) => list.push({ code: reference, message, line });
  let manifest = file;
  for (const validator of validators) {
    let step;
    try {
      step = await validator.validate(manifest);
    } catch (problem) {
      out.broken.push(`${validator.constructor.name}: ${problem.message}`);
      continue;
    }
    manifest = step.manifestObject ?? manifest;
    const errors = (step.errors ?? []).filter(({ level }) => level === "error");
    errors.forEach((error) => add(out.errors, error));
    if (!(validator instanceof SchemaValidator)) {
      errors.filter(isOfArea).forEach((error) => add(out.area, error));
      continue;
    }
    if (errors.length > 0) {
      (validateSchema.errors ?? [])
        .filter((error) => isShapeOfArea(error, manifest.yamlContent))
        .forEach(({ instancePath, message }) => add(out.area, { reference: "valid-document-required", message: `${instancePath} ${message}` }));
    }
    manifest = { ...manifest, typedContent: manifest.yamlContent };
  }
  return out;
}

async function run() {
  for await (const file of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await judge(file)));
  }
}

run();
