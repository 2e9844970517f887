// Runs the extension of docs/guide/manifest.md, whose text comes on standard input, as VS Code would: with a client that
// speaks the protocol through the library that VS Code uses itself. Prints what it learns of a manifest as JSON.
"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const Module = require("node:module");
const rpc = require("vscode-jsonrpc/node");

const MANIFEST = "remotes:\n  - key: backend\n    baseURL: https://a.example\n    operations:\n      - \n";
const URI = "file:///app/manifest.yml";

// What vscode-languageclient does with what it is given, as far as this test needs it.
class LanguageClient {
  constructor(id, name, server, options) {
    Object.assign(this, { server, options });
  }

  async start() {
    const child = spawn(process.env.TONGS_BINARY, this.server.args);
    this.connection = rpc.createMessageConnection(new rpc.StreamMessageReader(child.stdout), new rpc.StreamMessageWriter(child.stdin));
    const published = new Promise((resolve) => this.connection.onNotification("textDocument/publishDiagnostics", resolve));
    this.connection.listen();
    const { capabilities } = await this.connection.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
    await this.connection.sendNotification("initialized", {});
    const textDocument = { uri: URI, languageId: "yaml", version: 1, text: MANIFEST };
    await this.connection.sendNotification("textDocument/didOpen", { textDocument });
    const { diagnostics } = await published;
    const at = (line, character) => ({ textDocument: { uri: URI }, position: { line, character } });
    const hover = await this.connection.sendRequest("textDocument/hover", at(2, 5));
    const completion = await this.connection.sendRequest("textDocument/completion", at(4, 8));
    console.log(JSON.stringify({ command: this.server.command, options: this.options, capabilities, diagnostics, hover, completion }));
    this.ended = new Promise((resolve) => child.on("exit", resolve));
  }

  async stop() {
    await this.connection.sendRequest("shutdown");
    await this.connection.sendNotification("exit");
    process.exitCode = await this.ended;
  }
}

const extension = new Module("extension");
const load = Module.prototype.require;
Module.prototype.require = function (name) {
  return name === "vscode-languageclient/node" ? { LanguageClient } : load.call(this, name);
};
extension._compile(fs.readFileSync(0, "utf8"), "extension.js");
extension.exports.activate().then(() => extension.exports.deactivate());
