// What the tests of the live pages share: the server, its processes, looking at a
// page in every width and theme, and reaching things by keyboard.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';

import { MODES, WIDTHS, accessible, choose, fits } from './pages.mjs';

/** @typedef {import('playwright-core').Page} Tab */
/** @typedef {import('playwright-core').Locator} Locator */

/**
 * A server of the book in `root`.
 *
 * @param {string} tutor the program
 * @param {string} root
 * @param {number} port 0: any
 * @returns {Promise<{origin: string, stop(): Promise<void>}>}
 */
export function start(tutor, root, port) {
    const child = spawn(tutor, ['--root', root, '--port', String(port)], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, SOCKETS_SEED: '1' }, // the verdicts of the snapshots
    });
    const ended = new Promise(resolve => child.once('exit', resolve));
    const stop = async () => {
        child.kill('SIGTERM');
        await ended;
    };
    return new Promise((resolve, reject) => {
        let said = '';
        child.stdout.on('data', data => {
            said += data;
            const url = /http:\/\/[0-9.:]+/.exec(said)?.[0];
            if (url) {
                resolve({ origin: url, stop });
            }
        });
        child.once('error', reject);
        child.once('exit', status => reject(new Error(`the tutor ended with ${status}: ${said}`)));
    });
}

/**
 * The labs of `root` that run on this machine; nothing where it cannot be asked.
 *
 * @param {string} root
 */
export function labsOf(root) {
    if (process.platform !== 'linux') {
        return [];
    }
    const folder = path.join(root, 'target/debug/lab');
    return readdirSync('/proc').flatMap(name => {
        try {
            const program = /^\d+$/.test(name) ? readlinkSync(`/proc/${name}/exe`) : '';
            return program.startsWith(folder) ? [`${name} ${path.basename(program)}`] : [];
        } catch {
            return []; // it has ended by now
        }
    });
}

/**
 * Looks until something is so.
 *
 * @param {string} what
 * @param {() => unknown} isSo
 * @param {number} [within] milliseconds
 */
export async function until(what, isSo, within = 20_000) {
    const end = performance.now() + within;
    while (!(await isSo())) {
        assert.ok(performance.now() < end, `not so after ${within} ms: ${what}`);
        await new Promise(resolve => setTimeout(resolve, 20));
    }
}

/**
 * A state of a page in both widths and both themes: nothing is too wide, nothing
 * is inaccessible, and pictures of it.
 *
 * @param {Tab} tab
 * @param {Locator} part what of the page the pictures are to show
 * @param {string} name
 * @param {string} folder
 */
export async function look(tab, part, name, folder) {
    /** @type {string[]} */
    const problems = [];
    for (const width of WIDTHS) {
        await tab.setViewportSize({ width, height: 900 });
        for (const mode of MODES.slice(0, 2)) {
            await choose(tab, mode);
            // Two frames: one in which sizes are observed, and one after it.
            await tab.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))));
            const say = (/** @type {string} */ what) => problems.push(`${name}, ${width} px, ${mode.name}: ${what}`);
            await accessible(tab, say);
            if (mode === MODES[0]) {
                await fits(tab, say);
            }
            await part.screenshot({ style: '.bar { position: absolute; } .skip-link { display: none; }', path: path.join(folder, `live-${name}-${width}-${mode.name}.png`) });
        }
    }
    await tab.setViewportSize({ width: WIDTHS[0] ?? 1280, height: 900 });
    await tab.emulateMedia({ colorScheme: 'light' });
    assert.deepEqual(problems, []);
}

/**
 * Presses Tab until the focus is there, and sees that it shows.
 *
 * @param {Tab} tab
 * @param {Locator} goal
 * @param {'Tab' | 'Shift+Tab'} [key]
 */
export async function tabTo(tab, goal, key = 'Tab') {
    const isThere = () => goal.evaluate(element => element === document.activeElement);
    for (let presses = 0; presses < 200; presses += 1) {
        await tab.keyboard.press(key);
        if (await isThere()) {
            const ring = await goal.evaluate(element => {
                const style = getComputedStyle(element.closest('.editor') ?? element);
                return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
            });
            assert.ok(ring, 'the focus shows');
            return;
        }
    }
    assert.fail(`the ${key} key does not reach ${goal}`);
}
