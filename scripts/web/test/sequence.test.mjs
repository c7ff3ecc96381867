import assert from 'node:assert/strict';
import { test } from 'node:test';

import { layOut, partiesOf, sentence, widthOf } from '../../../book/widgets/core/sequence.js';

/** @typedef {import('../../../book/widgets/core/sequence.js').Row} Row */

/** Every letter is as wide as every other. @param {string} text */
const measure = text => 7 * text.length;

/** @returns {Row} */
const sent = (/** @type {string} */ from, /** @type {string} */ to, what = '5 bytes', shown = '68 65 6c 6c 6f  "hello"', lost = false) => ({
    kind: 'sent',
    from,
    to,
    yours: from === 'you',
    what,
    shown,
    lost,
});

test('who_speaks_first_stands_on_the_left', () => {
    const names = (/** @type {Row[]} */ rows) => partiesOf(rows, 'you').map(({ name, you }) => (you ? name.toUpperCase() : name));
    assert.deepEqual(names([sent('client A', 'you'), sent('client B', 'you'), sent('you', 'client B')]), ['client A', 'client B', 'YOU']);
    assert.deepEqual(names([sent('you', 'server'), sent('stranger', 'you'), sent('server', 'you')]), ['YOU', 'server', 'stranger']);
    assert.deepEqual(names([sent('client', 'server'), sent('server', 'client')]), ['client', 'server']);
    assert.deepEqual(names([sent('client A', 'you'), sent('client B', 'you')]), ['client A', 'client B', 'YOU'], 'an answer that says nothing');
    assert.deepEqual(names([sent('client', 'server')]), ['client', 'server'], 'a story of others');
    assert.deepEqual(names([{ kind: 'note', text: 'your function is called' }]), []);
});

test('time_runs_down_and_nothing_leaves_the_drawing', () => {
    /** @type {Row[]} */
    const rows = [
        sent('client A', 'you', 'connects', ''),
        { kind: 'note', text: 'your function is called (4 clients; its listener was never told to listen, so accept fails)' },
        sent('client B', 'you', '1400 bytes', '41 41 41 41 41 41 41 41 …  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"'),
        { kind: 'left-out', text: '… 3 more lines …' },
        sent('client C', 'you'),
        sent('client D', 'you'),
        sent('you', 'client A', '5 bytes', '68 65 6c 6c 6f   (lost on the way)', true),
    ];
    for (const room of [250, 330, 640]) {
        const { lanes, arrows, remarks, height } = layOut(rows, 'you', room, measure);
        const labels = [...arrows, ...remarks].flatMap(({ label }) => label);
        for (const { x, y, pieces } of labels) {
            const half = widthOf(pieces, measure) / 2;
            assert.ok(x - half >= 0 && x + half <= room, `${JSON.stringify(pieces)} at ${x} in ${room}`);
            assert.ok(y > 0 && y < height);
        }
        const xs = lanes.map(({ x }) => x);
        assert.deepEqual(xs, [...xs].sort((a, b) => a - b));
        const ys = arrows.flatMap(({ from, to }) => [from.y, to.y]);
        assert.deepEqual(ys, [...ys].sort((a, b) => a - b));
        assert.ok(arrows.every(({ label, from }) => label.every(({ y }) => y < from.y)), 'a text stands above its arrow');
    }
});

test('a_lost_one_does_not_arrive', () => {
    const { lanes, arrows } = layOut([sent('you', 'server', '20 bytes', '', true), sent('you', 'server', 'end of stream', '')], 'you', 400, measure);
    const [lost, end] = arrows;
    assert.ok(lost && end && lanes[1]);
    assert.equal(lost.kind, 'lost');
    assert.ok(lost.to.x < lanes[1].x);
    assert.equal(end.kind, 'control');
    assert.equal(end.to.x, lanes[1].x);
});

test('the_text_says_what_the_picture_shows', () => {
    assert.equal(sentence(sent('client A', 'you')), 'client A → you: 5 bytes 68 65 6c 6c 6f "hello"');
    assert.equal(sentence(sent('client A', 'you', 'connects', '')), 'client A → you: connects');
    assert.equal(sentence({ kind: 'note', text: 'the server stays silent' }), 'the server stays silent');
});
