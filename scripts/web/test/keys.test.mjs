import assert from 'node:assert/strict';
import { test } from 'node:test';

import { meaning } from '../../../book/widgets/core/keys.js';

/** @param {string} key @param {object} [held] */
const press = (key, held) => ({ key, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...held });

test('arrows turn the page in the direction of the text', () => {
    assert.equal(meaning(press('ArrowRight'), 'ltr'), 'next');
    assert.equal(meaning(press('ArrowLeft'), 'ltr'), 'previous');
    assert.equal(meaning(press('ArrowRight'), 'rtl'), 'previous');
    assert.equal(meaning(press('ArrowLeft'), 'rtl'), 'next');
});

test('a key of the browser is left to the browser', () => {
    assert.equal(meaning(press('ArrowLeft', { altKey: true }), 'ltr'), null);
    assert.equal(meaning(press('s', { ctrlKey: true }), 'ltr'), null);
    assert.equal(meaning(press('ArrowRight', { shiftKey: true }), 'ltr'), null);
});

test('search and help have their keys, on keyboards that need Shift for them too', () => {
    assert.equal(meaning(press('s'), 'ltr'), 'search');
    assert.equal(meaning(press('/'), 'ltr'), 'search');
    assert.equal(meaning(press('/', { shiftKey: true }), 'ltr'), 'search');
    assert.equal(meaning(press('?', { shiftKey: true }), 'ltr'), 'help');
});

test('any other key means nothing', () => {
    assert.equal(meaning(press('a'), 'ltr'), null);
    assert.equal(meaning(press('Escape'), 'ltr'), null);
});
