import assert from 'node:assert/strict';
import { test } from 'node:test';

import { delay, foldsAsNoted, socketAddress } from '../../../book/widgets/core/reload.js';

test('attempts come less and less often, and never stop coming', () => {
    const delays = [0, 1, 2, 3, 4, 5, 50, 5000].map(attempt => delay(attempt, 0));
    assert.deepEqual(delays, [500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
});

test('two pages do not come back at the same instant', () => {
    assert.equal(delay(0, 1), 375);
    assert.ok(delay(3, 0.5) < delay(3, 0.1));
});

test('the socket is on the same origin, and the token is escaped', () => {
    assert.equal(socketAddress('http://127.0.0.1:3000/ch03-udp/steps.html#run', 'a b&c'), 'ws://127.0.0.1:3000/ws?token=a+b%26c');
    assert.equal(socketAddress('https://example.org/x', 't'), 'wss://example.org/ws?token=t');
});

test('folds open again as they were noted', () => {
    assert.deepEqual(foldsAsNoted('[true,false,true]', 3), [true, false, true]);
});

test('folds stay closed when the page is another one, or nothing was noted', () => {
    for (const noted of [null, '', '[true]', '[1,2,3]', '{"length":3}', 'no list']) {
        assert.deepEqual(foldsAsNoted(noted, 3), []);
    }
});
