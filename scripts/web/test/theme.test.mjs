import assert from 'node:assert/strict';
import { test } from 'node:test';

import { choiceToMark, themeToShow } from '../../../book/widgets/core/theme.js';

const names = { light: 'light', dark: 'coal' };

test('a stored theme wins over the system', () => {
    assert.equal(themeToShow('light', true, names), 'light');
    assert.equal(themeToShow('coal', false, names), 'coal');
});

test('without a choice the system decides', () => {
    assert.equal(themeToShow(null, true, names), 'coal');
    assert.equal(themeToShow(null, false, names), 'light');
});

test("another book's theme on the same host is no choice", () => {
    assert.equal(themeToShow('ayu', true, names), 'coal');
    assert.equal(choiceToMark('ayu', names), 'auto');
});

test('the menu marks what is stored', () => {
    assert.equal(choiceToMark('coal', names), 'coal');
    assert.equal(choiceToMark(null, names), 'auto');
});
