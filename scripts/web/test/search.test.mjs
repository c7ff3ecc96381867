import assert from 'node:assert/strict';
import { test } from 'node:test';

import { search, teaser, pattern, words } from '../../../book/widgets/core/search.js';

const DOCS = [
    { id: '0', title: 'Receiving', body: 'One receive takes one datagram. What does not fit the buffer is lost.', breadcrumbs: 'UDP » Receiving' },
    { id: '1', title: 'Sending', body: 'A datagram of 65,507 bytes is the largest. Datagrams may be lost.', breadcrumbs: 'UDP » Sending' },
    { id: '2', title: '发送', body: '一个数据报最多 65,507 字节。数据报可能会丢失。', breadcrumbs: 'UDP » 发送' },
];

/** @param {string} query */
const found = query => search(DOCS, query, 10).hits.map(({ id }) => id);

test('a document holds every word of the query', () => {
    assert.deepEqual(found('datagram buffer'), ['0']);
    assert.deepEqual(found('datagram nowhere'), []);
});

test('a word in the heading comes first', () => {
    assert.deepEqual(found('sending'), ['1']);
    assert.equal(found('receive')[0], '0');
});

test('a word finds its other endings', () => {
    assert.deepEqual(found('datagrams').sort(), ['0', '1']);
    assert.deepEqual(found('receiving'), ['0']);
    assert.deepEqual(found('receives'), ['0']);
});

test('a word is found at its beginning only', () => {
    assert.deepEqual(found('gram'), []);
});

test('Chinese is found without spaces around it', () => {
    assert.deepEqual(found('数据报'), ['2']);
    assert.deepEqual(found('数据报 丢失'), ['2']);
});

test('an identifier is one word', () => {
    assert.deepEqual(words('recv_from(&mut buf)'), ['recv_from', 'mut', 'buf']);
});

test('a query of no words finds nothing, and breaks nothing', () => {
    assert.deepEqual(found(''), []);
    assert.deepEqual(found('(*['), []);
});

test('the limit holds back hits, not the count', () => {
    const { count, hits } = search(DOCS, 'datagram', 1);
    assert.equal(count, 2);
    assert.equal(hits.length, 1);
});

test('a teaser is the text around the first hit, with every hit marked', () => {
    const body = `${'before '.repeat(40)}the datagram is here${' after'.repeat(40)}`;
    const pieces = teaser(body, [pattern('datagram')]);
    const text = pieces.map(piece => piece.text).join('');
    assert.ok(text.startsWith('… ') && text.endsWith(' …'), text);
    assert.ok(text.length < 180, text);
    assert.deepEqual(pieces.filter(piece => piece.hit).map(piece => piece.text), ['datagram']);
});

test('a short text is its own teaser', () => {
    assert.equal(teaser('a datagram', [pattern('datagram')]).map(piece => piece.text).join(''), 'a datagram');
});
