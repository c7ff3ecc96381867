import assert from 'node:assert/strict';
import { test } from 'node:test';

import { terminalLines, textToCopy } from '../../../book/widgets/core/terminal.js';

const TERMINAL = `$ cargo run --bin lab03_udp_client
< hello
5 bytes from 127.0.0.1:8888: hello
a $ inside a line
[exit status 1]
`;

test('every line of a terminal has its kind', () => {
    assert.deepEqual(terminalLines(TERMINAL).map(({ kind }) => kind), ['command', 'typed', 'output', 'output', 'status']);
});

test('the lines together are the text again', () => {
    assert.equal(terminalLines(TERMINAL).map(({ mark, text }) => `${mark}${text}\n`).join(''), TERMINAL);
});

test('a command is copied without its prompt, and output is not copied', () => {
    assert.equal(textToCopy(TERMINAL, true), 'cargo run --bin lab03_udp_client');
});

test('several commands are copied a line each', () => {
    assert.equal(textToCopy('$ cd labs\n$ ls\nsrc\n', true), 'cd labs\nls');
});

test('a command goes on after a backslash', () => {
    assert.equal(textToCopy('$ socat - \\\n    udp:127.0.0.1:8888\nhello\n', true), 'socat - \\\n    udp:127.0.0.1:8888');
});

test("PowerShell's prompt is a prompt", () => {
    assert.equal(textToCopy('PS> Get-NetUDPEndpoint\n', true), 'Get-NetUDPEndpoint');
});

test('a terminal without a prompt is copied as it is', () => {
    assert.equal(textToCopy('cargo test ex03_1\n', true), 'cargo test ex03_1');
});

test('of code, a line with a dollar is a line like any other', () => {
    assert.equal(textToCopy('$ x\ny\n', false), '$ x\ny');
});
