// What the seed's ForgeRemoteTokenManager and ForgeRemoteAdapter put on the wire, request for request
// (contract 6.2). Run with an account id, it prints who Jira says that the app and this user are.

const EARLY = 60; // seconds before its end in which a token is fetched anew

class TokenManager {
  constructor({ proxyUrl, installationId, appSystemToken }) {
    this.url = `${proxyUrl}/graphql`;
    this.identity = `Forge as=app,installationId=${installationId},token=${appSystemToken}`;
    this.tokens = new Map();
    this.fetches = 0;
  }

  async getToken(accountId) {
    const known = this.tokens.get(accountId);
    if (known && known.expiry - EARLY > Date.now() / 1000) return known;
    this.fetches += 1;
    const answer = await fetch(this.url, {
      method: "POST",
      headers: { "content-type": "application/json", "forge-proxy-authorization": this.identity },
      body: JSON.stringify({
        query: "query Token($userId: String!) { offlineUserAuthToken(userID: $userId) { accessToken expiry } }",
        variables: { userId: accountId },
      }),
    });
    const { data, errors } = await answer.json();
    if (!answer.ok || errors) throw new Error(`no token: ${answer.status} ${JSON.stringify(errors)}`);
    const token = { accountId, ...data.offlineUserAuthToken };
    this.tokens.set(accountId, token);
    return token;
  }

  invalidate(accountId) {
    this.tokens.delete(accountId);
  }

  invalidateAll() {
    this.tokens.clear();
  }

  async boundClient(adapter, accountId) {
    const { accessToken } = await this.getToken(accountId);
    return (path) => adapter.asOfflineUser(accountId, accessToken, path);
  }
}

class Adapter {
  constructor({ product, proxyUrl, installationId, appSystemToken }) {
    this.base = `${proxyUrl}/${product}`;
    this.installation = `installationId=${installationId}`;
    this.token = `token=${appSystemToken}`;
  }

  async send(path, headers) {
    const answer = await fetch(this.base + path, { headers: { accept: "application/json", ...headers } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  asApp(path) {
    return this.send(path, { "forge-proxy-authorization": `Forge as=app,${this.installation},${this.token}` });
  }

  asOfflineUser(accountId, accessToken, path) {
    return this.send(path, {
      "forge-proxy-authorization": `Forge as=user,accountId=${accountId},${this.installation},${this.token}`,
      authorization: `Bearer ${accessToken}`,
    });
  }
}

async function main(accountId) {
  const options = {
    product: "jira",
    proxyUrl: process.env.FORGE_EGRESS_PROXY_URL,
    installationId: process.env.INSTALLATION,
    appSystemToken: process.env.SYSTEM_TOKEN,
  };
  const adapter = new Adapter(options);
  const manager = new TokenManager(options);
  const app = await adapter.asApp("/rest/api/3/myself");
  const client = await manager.boundClient(adapter, accountId);
  const user = await client("/rest/api/3/myself");
  await manager.getToken(accountId);
  const { expiry } = await manager.getToken(accountId);
  manager.invalidate(accountId);
  await manager.getToken(accountId);
  manager.invalidateAll();
  console.log(JSON.stringify({ app: app.accountId, user: user.accountId, expiry, fetches: manager.fetches }));
}

main(process.argv[2]);
