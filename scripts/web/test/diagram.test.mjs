import assert from 'node:assert/strict';
import { test } from 'node:test';

import { settings, widths } from '../../../book/widgets/core/diagram.js';

test('a drawing shrinks until its text would be too small', () => {
    assert.deepEqual(widths({ width: 800, textSize: 16, smallest: 12 }), { natural: 800, least: 600 });
});

test('a drawing whose text is small already does not shrink', () => {
    assert.deepEqual(widths({ width: 300, textSize: 12, smallest: 12 }), { natural: 300, least: 300 });
});

test('every colour of a drawing is one of the theme', () => {
    /** @type {Set<string>} */
    const asked = new Set();
    const { themeVariables } = settings(name => (asked.add(name), `color of ${name}`), { dark: true, font: 'x', textSize: 16 });
    for (const [name, value] of Object.entries(themeVariables)) {
        if (!['darkMode', 'fontFamily', 'fontSize'].includes(name)) {
            assert.match(String(value), /^color of --/, name);
        }
    }
    assert.ok(asked.has('--accent'));
});

test('a diagram may not run scripts', () => {
    assert.equal(settings(() => '#000', { dark: false, font: 'x', textSize: 16 }).securityLevel, 'strict');
});
