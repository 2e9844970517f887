// What @forge/egress says of many URLs under many entries of permissions.external.fetch, as lines of JSON.
"use strict";

const { EgressFilteringService } = require("@forge/egress");

const SCHEMES = ["", "https://", "http://", "wss://", "ws://", "https:", "HTTPS://", "//", "https:\\\\", "custom:"];
const HOSTS = ["api.example.com", "API.example.com", "a.b.example.com", "example.com", "evilexample.com", ".example.com", "x.abc.com", "8443",
  "api.example.com.", "u:p@api.example.com", "evil.com\\.example.com", "ä.example.com", "xn--4ca.example.com", "a\u2028.example.com", "localhost", ""];
const PORTS = ["", ":443", ":8443"];
const PATHS = ["", "/", "/v1", "/v1/", "/v1/x", "/v1/../v2", "/a:b", "?q=/x", "#f", "/v1?x#y"];
const PATTERNS = ["*", "*.example.com", "*example.com", "*.com", "*.a*.com", "https://*.example.com", "https://*", "http://*.example.com", "ws://*.example.com/v1/",
  "https://api.*.com", "https://%2A.example.com", "https://%2a.example.com/v1", "https://%zz.example.com", "https://%", "https://%E4%B8.example.com", "https://%C3%A4.example.com",
  "https://**.example.com", "*.*", "**", "https://*.example.com/v1", "*.example.com:8443", "(a|b).example.com", "*.[a-z].com", "*$", "*.\n.com", ""];

const urls = SCHEMES.flatMap((scheme) => HOSTS.flatMap((host) => PORTS.flatMap((port) => PATHS.map((path) => scheme + host + port + path))));
const entries = [...PATTERNS, ...urls.filter((_, i) => i % 29 === 0)];

// The filter for one list, or null if it breaks down.
function service(allow) {
  try {
    return new EgressFilteringService(allow);
  } catch {
    return null;
  }
}

function tell(allow, asked) {
  const filter = service(allow);
  for (const url of asked) {
    console.log(JSON.stringify({ allow, url, backend: filter && filter.isValidUrl(url), client: filter && filter.isValidUrlCSP(url) }));
  }
}

entries.forEach((entry, i) => tell([entry], urls.filter((_, j) => (i + j) % 7 === 0)));
entries.forEach((entry, i) => tell([entry, entries[(i * 13 + 5) % entries.length]], urls.filter((_, j) => (i + j) % 61 === 0)));
tell([], urls);
