// The official tool on one manifest, as its command line runs it: node manifest_official.cjs FILE. Needs @forge/manifest and
// tslib, which the tests with peers install: NODE_PATH=build/dev/tests/peers/npm/node_modules.
"use strict";

const { ProcessorBuilder } = require("@forge/manifest");

ProcessorBuilder.instance().withValidation("full").withOptions({}).build().process(process.argv[2])
  .then(({ errors }) => console.log(`${errors?.length ?? 0} findings`));
