// Makes invocation tokens with jose, good ones and bad ones. Out: a JSON object with the keys that are published, and the
// tokens by name, issued at the second that the argument says.
"use strict";

const jose = require("jose");

const app = "ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107";
const installation = "ari:cloud:ecosystem::installation/0a3a7799-53ae-4a5b-9e7e-03338980abb5";
const issuedAt = Number(process.argv[2]);

const claims = {
  iss: "forge/invocation-token",
  aud: app,
  iat: issuedAt,
  nbf: issuedAt,
  exp: issuedAt + 25,
  jti: "d8a496253ec8c18a54631e4c82cbedd5d0ae8570",
  app: { id: app, installationId: installation },
  principal: "655362:312d3308-8954-42b0-aa38-771a10c88656",
};

const encoded = (text) => new TextEncoder().encode(text);

async function publish(alg, kid, options) {
  const pair = await jose.generateKeyPair(alg, { extractable: true, ...options });
  return { ...pair, kid, jwk: { ...(await jose.exportJWK(pair.publicKey)), alg, kid, use: "sig" } };
}

async function main() {
  const rsa = await publish("RS256", "forge/invocation-token/wf-rsa");
  const longer = await publish("RS256", "forge/invocation-token/wf-longer", { modulusLength: 3072 });
  const pss = await publish("PS256", "forge/invocation-token/wf-pss");
  const curve = await publish("ES256", "forge/invocation-token/wf-curve");
  const edwards = await publish("EdDSA", "forge/invocation-token/wf-edwards");
  const unpublished = await publish("RS256", "forge/invocation-token/wf-unpublished");

  const sign = (key, alg = "RS256", changes = {}, header = {}) =>
    new jose.SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg, kid: key.kid, ...header })
      .sign(key.privateKey ?? key.secret);
  const pem = await jose.exportSPKI(rsa.publicKey);
  const privatePem = await jose.exportPKCS8(rsa.privateKey);
  const rsaAs = async (alg) => ({ kid: rsa.kid, privateKey: await jose.importPKCS8(privatePem, alg) });

  const tokens = {
    "RS256": await sign(rsa),
    "RS256 with 3072 bits": await sign(longer),
    "RS256, typ JWT": await sign(rsa, "RS256", {}, { typ: "JWT" }),
    "RS256, audience in an array": await sign(rsa, "RS256", { aud: [app] }),
    "RS256, no user": await sign(rsa, "RS256", { principal: undefined }),
    "RS384": await sign(await rsaAs("RS384"), "RS384"),
    "RS512": await sign(await rsaAs("RS512"), "RS512"),
    "PS256 by the RS256 key": await sign(await rsaAs("PS256"), "PS256"),
    "PS256": await sign(pss, "PS256"),
    "ES256": await sign(curve, "ES256"),
    "EdDSA": await sign(edwards, "EdDSA"),
    "HS256, the secret is the public key as PEM": await sign({ kid: rsa.kid, secret: encoded(pem) }, "HS256"),
    "HS256, the secret is the public key as JWK":
      await sign({ kid: rsa.kid, secret: encoded(JSON.stringify(rsa.jwk)) }, "HS256"),
    "unsecured": new jose.UnsecuredJWT(claims).encode(),
    "expired": await sign(rsa, "RS256", { iat: issuedAt - 60, nbf: issuedAt - 60, exp: issuedAt - 35 }),
    "not yet valid": await sign(rsa, "RS256", { nbf: issuedAt + 90, exp: issuedAt + 120 }),
    "another app": await sign(rsa, "RS256", { aud: app.replace("8db33809", "00000000") }),
    "another issuer": await sign(rsa, "RS256", { iss: "https://auth.atlassian.com" }),
    "no audience": await sign(rsa, "RS256", { aud: undefined }),
    "an unpublished key": await sign(unpublished),
    "an unpublished key under a published name": await sign({ ...unpublished, kid: rsa.kid }),
    "the key comes with the token": await sign({ ...unpublished, kid: rsa.kid }, "RS256", {}, { jwk: unpublished.jwk }),
    "no name of a key": await sign({ ...rsa, kid: undefined }),
    "a critical extension": await new jose.SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", kid: rsa.kid, crit: ["b64"], b64: true }).sign(rsa.privateKey),
    "encrypted": await new jose.EncryptJWT(claims)
      .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: rsa.kid }).encrypt(new Uint8Array(32)),
  };
  const keys = [rsa, longer, pss, curve, edwards].map((key) => key.jwk);
  console.log(JSON.stringify({ app, jwks: { keys }, tokens }));
}

main();
