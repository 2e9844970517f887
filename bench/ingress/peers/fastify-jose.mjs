// The usual gate of a backend in Node: fastify with its proxy plugin, and jose.
//
//   node fastify-jose.mjs PORT_OF_THE_BACKEND FOLDER_OF_THE_TOKENS

import { readFileSync } from 'node:fs';

import proxy from '@fastify/http-proxy';
import Fastify from 'fastify';
import { createLocalJWKSet, jwtVerify } from 'jose';

const [backendPort, folder] = process.argv.slice(2);
const about = JSON.parse(readFileSync(`${folder}/about.json`, 'utf8'));
const keys = createLocalJWKSet(JSON.parse(readFileSync(`${folder}/jwks.json`, 'utf8')));
const rules = { algorithms: ['RS256'], issuer: about.issuer, audience: about.app_id, requiredClaims: ['exp'] };

const app = Fastify();
await app.register(proxy, {
  upstream: `http://127.0.0.1:${backendPort}`,
  async preHandler(request, reply) {
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    try {
      if (scheme !== 'Bearer') throw new Error('no bearer token');
      await jwtVerify(token, keys, rules);
    } catch {
      return reply.code(401).send();
    }
  },
  replyOptions: {
    rewriteRequestHeaders: (_, { authorization, ...headers }) => headers,
  },
});
await app.listen({ host: '127.0.0.1', port: 0 });
console.log(`fastify is ready: http://127.0.0.1:${app.server.address().port}`);
