import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseMessage } from '../../../book/widgets/core/messages.js';

test('what the server says is understood', () => {
    assert.deepEqual(parseMessage('{"type":"reload"}'), { type: 'reload' });
    assert.deepEqual(parseMessage('{"type":"build-error","text":"no anchor"}'), { type: 'build-error', text: 'no anchor' });
    const output = { type: 'output', run: 1, terminal: 0, error: false, text: '' };
    assert.deepEqual(parseMessage(JSON.stringify(output)), output);
    assert.deepEqual(parseMessage('{"type":"over","run":2,"text":null}'), { type: 'over', run: 2, text: null });
});

test('whatever else arrives is nothing', () => {
    for (const data of ['', 'reload', '{"type":"other"}', '{"type":"build-error"}', '{"type":"build-error","text":7}', 'null', '[]', '{"type":"toString"}', '{"type":"output","run":"1"}', '{"type":"answers","answers":null}', new ArrayBuffer(2)]) {
        assert.equal(parseMessage(data), null);
    }
});
