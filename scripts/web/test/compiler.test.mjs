import assert from 'node:assert/strict';
import { test } from 'node:test';

import { compilerLines } from '../../../book/widgets/core/compiler.js';

const SAID = `   Compiling exercises v0.1.0
error[E0425]: cannot find function \`missing\` in this scope
  --> labs/exercises/src/bin/ex03_1_echo_datagram.rs:27:13
   |
27 | fn more() { missing() }
   |             ^^^^^^^ not found in this scope
   |
   = help: consider importing it
warning: unused variable: \`x\`
`;

test('errors_places_and_marks_are_told_apart', () => {
    const lines = compilerLines(SAID);
    assert.deepEqual(lines.map(({ kind }) => kind), ['cargo-note', 'error', 'place', 'plain', 'plain', 'mark', 'plain', 'help', 'warning']);
    assert.deepEqual(lines[2], { kind: 'place', before: '  --> ', file: 'labs/exercises/src/bin/ex03_1_echo_datagram.rs', line: 27, column: 13 });
});

test('no_word_of_the_compiler_is_lost', () => {
    const again = compilerLines(SAID).map(said => (said.kind === 'place' ? `${said.before}${said.file}:${said.line}:${said.column}` : said.text));
    assert.equal(again.join('\n'), SAID.trimEnd());
});
