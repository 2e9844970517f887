// The fastest gate that Node offers: its own HTTP server and client, and fast-jwt with its cache of verified
// tokens.
//
//   node node-fast-jwt.mjs PORT_OF_THE_BACKEND FOLDER_OF_THE_TOKENS

import { readFileSync } from 'node:fs';
import http from 'node:http';

import { createVerifier } from 'fast-jwt';

const [backendPort, folder] = process.argv.slice(2);
const about = JSON.parse(readFileSync(`${folder}/about.json`, 'utf8'));
const verify = createVerifier({
  key: readFileSync(`${folder}/public.pem`, 'utf8'),
  algorithms: ['RS256'],
  allowedIss: about.issuer,
  allowedAud: about.app_id,
  requiredClaims: ['exp'],
  cache: 1000,
});
const agent = new http.Agent({ keepAlive: true });

function isAllowed(authorization = '') {
  try {
    verify(authorization.slice('Bearer '.length));
    return true;
  } catch {
    return false;
  }
}

const server = http.createServer((request, response) => {
  const { authorization, ...headers } = request.headers;
  if (!isAllowed(authorization)) {
    response.writeHead(401).end();
    return;
  }
  const call = http.request({
    agent, host: '127.0.0.1', port: backendPort, method: request.method, path: request.url, headers,
  });
  call.on('response', (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  call.on('error', () => response.writeHead(502).end());
  request.pipe(call);
});
server.listen(0, '127.0.0.1', () => {
  console.log(`node is ready: http://127.0.0.1:${server.address().port}`);
});
