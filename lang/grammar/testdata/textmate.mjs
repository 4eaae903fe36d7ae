// Tokens of files as VS Code's engine makes them: node textmate.mjs MODULES GRAMMAR OUT FILE... writes OUT/NAME.textmate for each
// file, with a line for each of its own: [start, end, scope], ...
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

const [modules, path, out, ...files] = process.argv.slice(2);
const require = createRequire(modules + '/');
const { Registry, parseRawGrammar, INITIAL } = require('vscode-textmate');
const oniguruma = require('vscode-oniguruma');

await oniguruma.loadWASM(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')).buffer);
const registry = new Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async () => parseRawGrammar(readFileSync(path, 'utf8'), path),
});
const grammar = await registry.loadGrammar('source.space');
for (const file of files) {
  let state = INITIAL;
  const lines = readFileSync(file, 'utf8').split('\n').map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return JSON.stringify(tokens.map((t) => [t.startIndex, t.endIndex, t.scopes.at(-1)]));
  });
  writeFileSync(`${out}/${basename(file)}.textmate`, lines.join('\n'));
}
