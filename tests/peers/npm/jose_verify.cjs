// Judges tokens by jose. In: what peers_corpus prints. Out: a line of JSON for each token, "accepted" or jose's code.
"use strict";

const fs = require("node:fs");
const jose = require("jose");

async function judge(rules, token) {
  try {
    await jose.jwtVerify(token.token, jose.createLocalJWKSet(rules.jwks), {
      algorithms: ["RS256"],
      issuer: rules.issuer,
      audience: rules.audience,
      requiredClaims: ["exp", "nbf", "iat", "jti"],
      clockTolerance: token.leeway,
      maxTokenAge: token.max_age || undefined,
      currentDate: new Date(token.at * 1000),
    });
    return "accepted";
  } catch (refused) {
    return refused.code ?? refused.name;
  }
}

async function main() {
  const [rules, ...tokens] = fs.readFileSync(0, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  for (const token of tokens) {
    console.log(JSON.stringify({ case: token.case, ours: token.ours, jose: await judge(rules, token) }));
  }
}

main();
