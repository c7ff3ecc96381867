// The whole path of a reader who stays in the browser: runs labs, types to them,
// breaks and solves exercises, in the page and in files, sees how far they are, and
// comes back after the server was started again.
//
//     node --test-reporter=spec live.mjs --tutor ../../target/debug/tutor --root COPY
//
// COPY is a copy of the repository: answers in it are changed.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { parseArgs } from 'node:util';

import { launch } from './browser.mjs';
import { labsOf, look, start, tabTo, until } from './live-tools.mjs';
import { openTab } from './pages.mjs';

const here = import.meta.dirname;
const { values } = parseArgs({
    options: {
        tutor: { type: 'string', default: path.join(here, '../../target/debug/tutor') },
        root: { type: 'string' },
        screenshots: { type: 'string', default: path.join(here, '../../target/screenshots') },
    },
});
const root = values.root ?? assert.fail('--root is missing');

/** How long a build, and what comes after it, may take on a busy machine. */
const BUILD = 240_000;
const ECHO = 'ex03_1_echo_datagram';

/** @param {string} exercise */
const fileOf = exercise => path.join(root, `labs/exercises/src/bin/${exercise}.rs`);
/** @param {string} exercise @param {string} name as in `right/one_buffer` */
const sample = (exercise, name) => readFileSync(path.join(root, `labs/graders/src/${exercise}/${name}.rs`), 'utf8');
/** @param {string} exercise @param {string} name */
const save = (exercise, name) => writeFileSync(fileOf(exercise), sample(exercise, name));

/** @type {import('playwright-core').Browser} */
let browser;
/** @type {{origin: string, stop(): Promise<void>}} */
let server;
/** @type {import('playwright-core').Page} */
let tab;
/** @type {string[]} */
const complaints = [];

before(async () => {
    mkdirSync(values.screenshots, { recursive: true });
    browser = await launch();
    server = await start(values.tutor, root, 0);
    ({ tab } = await open());
});

after(async () => {
    await browser?.close();
    await server?.stop();
});

/** A window of its own. */
async function open() {
    return openTab(browser, server.origin, what => complaints.push(what), { viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
}

/** @param {import('playwright-core').Page} tab @param {string} page */
async function go(tab, page) {
    await tab.goto(`${server.origin}/${page}`);
    await tab.waitForFunction(() => document.documentElement.classList.contains('ready'));
    // Whoever saves a file now is heard: the page is connected.
    await tab.waitForFunction(() => [...document.querySelectorAll('section.exercise')].every(box => 'standing' in /** @type {HTMLElement} */ (box).dataset));
}

/** A run's bar and terminals. @param {import('playwright-core').Page} tab @param {string} name the transcript's */
function labOf(tab, name) {
    const recorded = tab.locator(`.transcript[data-transcript="${name}"]`);
    const live = tab.locator(`.transcript:has(+ [data-transcript="${name}"])`);
    const bar = tab.locator(`.run-bar:has(~ [data-transcript="${name}"])`).last();
    return { recorded, live, bar, server: live.locator('.live').nth(0), client: live.locator('.live').nth(1) };
}

/** @param {string} exercise */
function boxOf(exercise) {
    const box = tab.locator(`section[data-exercise="${exercise}"]`);
    return { box, standing: box.locator('.standing'), editor: box.locator('.cm-content') };
}

/** Waits for a standing, in its very word. @param {string} exercise @param {string} standing as in the page's data */
const stands = (exercise, standing) => tab.locator(`section[data-exercise="${exercise}"][data-standing="${standing}"]`).waitFor({ timeout: BUILD });

/** Presses Check, and waits for a standing. @param {string} exercise @param {string} standing */
async function check(exercise, standing) {
    await boxOf(exercise).box.getByRole('button', { name: 'Check' }).click();
    await stands(exercise, standing);
}

/** Types at the end of an answer. @param {string} exercise @param {string} text */
async function type(exercise, text) {
    await boxOf(exercise).editor.click();
    await tab.keyboard.press('Control+End');
    await tab.keyboard.type(text);
}

test('both labs of chapter 3 run, and the client is typed to', { timeout: BUILD }, async () => {
    await go(tab, 'ch03-udp/steps.html');
    const lab = labOf(tab, 'udp_hello');
    await lab.bar.getByRole('button', { name: 'Run', exact: true }).click();
    await lab.client.getByText('ended, exit status 0').waitFor({ timeout: BUILD });
    assert.ok(await lab.recorded.isHidden());
    assert.match(await lab.client.locator('code').innerText(), /got 5 bytes "hello"/);
    assert.match(await lab.server.locator('.address').innerText(), /^127\.0\.0\.1:\d+$/);

    await lab.client.getByRole('button', { name: 'Run again, and type to it' }).click();
    await lab.client.locator('input').waitFor();
    await tab.keyboard.type('naïve 你好');
    await tab.keyboard.press('Enter');
    await lab.client.getByText('got 13 bytes').waitFor();
    assert.match(await lab.server.locator('code').innerText(), /sent 13 bytes "naïve 你好"/);
    await look(tab, lab.live, 'running', values.screenshots);
    await lab.client.getByRole('button', { name: 'End of input' }).click();
    await lab.client.getByText('ended, exit status 0').waitFor();

    await lab.bar.getByRole('button', { name: 'Stop' }).click();
    await lab.server.getByText('stopped').waitFor();
    await until('no lab is left', () => labsOf(root).length === 0);
    await look(tab, lab.live, 'stopped', values.screenshots);
    await lab.bar.getByRole('button', { name: 'Show what was recorded' }).click();
    assert.ok(await lab.recorded.isVisible());
    assert.ok(await lab.live.isHidden());
});

test('a lab is run with the keyboard alone', { timeout: BUILD }, async () => {
    await go(tab, 'ch03-udp/steps.html');
    const lab = labOf(tab, 'udp_hello');
    const run = lab.bar.locator('.run');
    await tab.locator('main').focus();
    await tabTo(tab, run);
    await tab.keyboard.press('Enter');
    await lab.client.getByText('ended, exit status 0').waitFor({ timeout: BUILD });
    await tabTo(tab, lab.server.locator('pre'));
    await tabTo(tab, lab.client.getByRole('button', { name: 'Run again, and type to it' }));
    await tab.keyboard.press('Enter');
    await lab.client.locator('input:focus').waitFor();
    await tab.keyboard.type('by hand');
    await tabTo(tab, lab.client.getByRole('button', { name: 'Send' }));
    await tab.keyboard.press('Space');
    await lab.client.getByText('got 7 bytes "by hand"').waitFor();
    await tabTo(tab, lab.client.getByRole('button', { name: 'End of input' }));
    await tab.keyboard.press('Enter');
    await lab.client.getByText('ended, exit status 0').waitFor();
    assert.ok(await lab.client.evaluate(terminal => terminal.contains(document.activeElement)), 'the focus stays in the terminal');
    await tabTo(tab, run, 'Shift+Tab');
    await tab.keyboard.press('Enter');
    await lab.server.getByText('stopped').waitFor();
    await tabTo(tab, lab.bar.getByRole('button', { name: 'Show what was recorded' }));
    await tab.keyboard.press('Enter');
    assert.ok(await run.evaluate(button => button === document.activeElement));
});

test('a built lab says its first line quickly', { timeout: BUILD }, async () => {
    const times = [];
    for (let round = 0; round < 5; round += 1) {
        await tab.reload();
        const lab = labOf(tab, 'udp_hello');
        await lab.bar.locator('.run').waitFor();
        const took = await lab.bar.locator('.run').evaluate(
            button =>
                new Promise(resolve => {
                    const begin = performance.now();
                    const look = new MutationObserver(() => {
                        if (document.querySelector('.live code')?.textContent?.includes('listening on')) {
                            look.disconnect();
                            resolve(performance.now() - begin);
                        }
                    });
                    look.observe(document.body, { childList: true, subtree: true, characterData: true });
                    /** @type {HTMLElement} */ (button).click();
                }),
        );
        times.push(Number(took));
        await lab.bar.getByRole('button', { name: 'Stop' }).click();
        await lab.server.getByText('stopped').waitFor();
    }
    times.sort((a, b) => a - b);
    console.log(`from Run to the first line: ${times.map(time => time.toFixed(0)).join(', ')} ms`);
    assert.ok((times[2] ?? Infinity) < 3000, `the median of ${times} ms`);
});

test('two pages run the same lab, each with its own port, and one that is closed takes its labs along', { timeout: BUILD }, async () => {
    const pages = [tab, (await open()).tab];
    const labs = [];
    for (const [nth, page] of pages.entries()) {
        await go(page, 'ch03-udp/steps.html');
        const lab = labOf(page, 'udp_hello');
        labs.push(lab);
        await lab.bar.locator('.run').click();
        await lab.client.getByText('ended, exit status 0').waitFor({ timeout: BUILD });
        await lab.client.getByRole('button', { name: 'Run again, and type to it' }).click();
        await lab.client.locator('input').fill(`page ${nth + 1}`);
        await lab.client.locator('input').press('Enter');
        await lab.client.getByText(`got 6 bytes "page ${nth + 1}"`).waitFor();
    }
    const [first, second] = labs;
    assert.ok(first && second);
    assert.notEqual(await first.server.locator('.address').innerText(), await second.server.locator('.address').innerText());
    assert.doesNotMatch(await first.server.locator('code').innerText(), /page 2/);
    if (process.platform === 'linux') {
        assert.equal(labsOf(root).length, 4, labsOf(root).join(', '));
    }

    await pages[1]?.context().close();
    await until('the closed page’s labs are gone', () => labsOf(root).length <= 2);
    await first.client.locator('input').fill('still here');
    await first.client.locator('input').press('Enter');
    await first.client.getByText('got 10 bytes "still here"').waitFor();
    // Another page in the same tab: the run ends as well.
    await go(tab, 'index.html');
    await until('no lab is left', () => labsOf(root).length === 0);
});

test('an exercise is broken and solved in the page', { timeout: 2 * BUILD }, async () => {
    await go(tab, 'ch03-udp/exercises.html');
    const { box, standing, editor } = boxOf(ECHO);
    await standing.getByText('not started').waitFor();
    assert.match((await box.getByRole('link', { name: 'Open in VS Code' }).getAttribute('href')) ?? '', /^vscode:\/\/file\/.*ex03_1_echo_datagram\.rs$/);
    await look(tab, box, 'not-started', values.screenshots);

    // What does not compile, typed here.
    await box.getByRole('button', { name: 'Edit here' }).click();
    await type(ECHO, 'fn more() { missing() }');
    await stands(ECHO, 'not-yet');
    await box.locator('.compiler .error').getByText('cannot find function `missing`').waitFor();
    assert.match(readFileSync(fileOf(ECHO), 'utf8'), /fn more\(\) \{ missing\(\) \}/);
    await look(tab, box, 'not-built', values.screenshots);
    // Its place leads into the editor, also when that is closed.
    await box.getByRole('button', { name: 'Close the editor' }).click();
    assert.equal(await editor.count(), 0);
    await box.locator('.compiler .place').first().click();
    await box.locator('.cm-activeLine').getByText('missing()').waitFor();
    assert.ok(await editor.evaluate(element => element === document.activeElement));

    // A wrong answer, from another editor.
    save(ECHO, 'mistakes/whole-buffer-back');
    await box.locator('.sequence').waitFor({ timeout: BUILD });
    await editor.getByText('send_to').first().waitFor();
    await look(tab, box, 'not-yet', values.screenshots);
    await sameAsText(box);
    const link = await box.locator('.lesson a').getAttribute('href');
    await box.locator('.lesson a').click();
    await tab.waitForURL(url => url.href.endsWith(link?.replace(/^(\.\.\/)*/, '') ?? ''));
    await tab.locator('.misconception:target').waitFor();
    await tab.goBack();
    await editor.waitFor(); // the editor is open again

    // The right one, typed here.
    await editor.click();
    await tab.keyboard.press('Control+a');
    await tab.keyboard.insertText(sample(ECHO, 'right/one_buffer'));
    await stands(ECHO, 'done');
    assert.equal(readFileSync(fileOf(ECHO), 'utf8'), sample(ECHO, 'right/one_buffer'));
    assert.equal(await box.locator('.verdict').innerText(), '');
    await look(tab, box, 'done', values.screenshots);
});

/** The picture, its description and the terminal's words hold the same. @param {import('playwright-core').Locator} box */
async function sameAsText(box) {
    const svg = box.locator('.sequence > svg');
    assert.equal(await svg.getAttribute('role'), 'img');
    const plain = (/** @type {string | null} */ text) => (text ?? '').replaceAll(/[\s:.]+/g, ' ').trim();
    const spoken = plain(await svg.locator('desc').textContent());
    const drawn = plain((await svg.locator('text').allTextContents()).join(' '));
    const terminal = (await box.locator('.twin code').textContent()) ?? '';
    const rows = terminal.split('\n').filter(line => /^ {4}/.test(line) && !/hint: |the same run again: /.test(line));
    assert.ok(rows.length > 0, terminal);
    for (const row of rows) {
        assert.ok(spoken.includes(plain(row)), `"${row}" is in "${spoken}"`);
        const [, what] = / → .*? {3,}(.*)/.exec(row) ?? [];
        assert.ok(drawn.includes(plain((what ?? row).split(/ {2,}/)[0] ?? '')), `"${row}" is in "${drawn}"`);
    }
}

test('what a terminal says of an answer, the page says', { timeout: BUILD }, async () => {
    save(ECHO, 'mistakes/whole-buffer-back');
    await go(tab, 'ch03-udp/exercises.html');
    const { box } = boxOf(ECHO);
    await check(ECHO, 'not-yet');
    const snapshot = readFileSync(path.join(root, 'labs/tests/snapshots/graders__echo_datagram-whole-buffer-back.snap'), 'utf8');
    const terminal = snapshot.split('\n---\n').slice(1).join('\n---\n');
    assert.equal((await box.locator('.twin code').textContent())?.trim(), terminal.trim());
    await sameAsText(box);
    // An answer that has sent nothing is known by its name alone.
    const messages = path.join(root, 'labs/graders/messages/en');
    const you = readdirSync(messages).map(name => /^you = (.*)$/m.exec(readFileSync(path.join(messages, name), 'utf8'))?.[1]).find(name => name !== undefined);
    assert.equal(await tab.locator('#words').getAttribute('data-you'), you);
});

test('verdicts with many parties, and with something lost, are drawn', { timeout: 2 * BUILD }, async () => {
    await go(tab, 'ch04-tcp/exercises.html');
    save('ex04_3_serve_many', 'mistakes/one-bad-client-stops-us');
    await boxOf('ex04_3_serve_many').box.locator('.sequence').waitFor({ timeout: BUILD });
    await look(tab, boxOf('ex04_3_serve_many').box.locator('.verdict'), 'many', values.screenshots);
    await go(tab, 'ch03-udp/exercises.html');
    save('ex03_2_ask_with_retry', 'mistakes/timeout-is-timedout');
    await boxOf('ex03_2_ask_with_retry').box.locator('.sequence .lost').waitFor({ timeout: BUILD });
    await look(tab, boxOf('ex03_2_ask_with_retry').box.locator('.verdict'), 'lost', values.screenshots);
    assert.deepEqual(await boxOf('ex03_2_ask_with_retry').box.locator('.sequence .name').allTextContents(), ['you', 'server']);
});

test('hints come one at a time, and an answer is edited with the keyboard alone', { timeout: BUILD }, async () => {
    save('ex03_3_reorder', 'stub');
    await go(tab, 'ch03-udp/exercises.html');
    const { box, editor } = boxOf('ex03_3_reorder');
    const steps = box.locator('details:is(.hint, .solution)');
    const shown = () => steps.evaluateAll(all => all.map(step => step.checkVisibility()));
    await box.locator('.run-bar').waitFor();
    assert.deepEqual(await shown(), [true, false, false, false]);

    await box.locator('.exercise-file').getByRole('button').focus();
    await tabTo(tab, box.getByRole('button', { name: 'Check' }));
    await tab.keyboard.press('Enter');
    await stands('ex03_3_reorder', 'not-started');
    await tabTo(tab, box.getByRole('button', { name: 'Edit here' }));
    await tab.keyboard.press('Enter');
    await editor.waitFor();
    await tabTo(tab, editor);
    await tab.keyboard.press('Control+End');
    await tab.keyboard.press('Tab');
    await tab.keyboard.type('// mine');
    await tab.keyboard.press('Control+s');
    await box.getByText('Saved, and on the disk.').waitFor();
    assert.match(readFileSync(fileOf('ex03_3_reorder'), 'utf8'), / {4}\/\/ mine/);
    await tab.keyboard.press('Escape');

    for (const [nth, expected] of [[true, true, false, false], [true, true, true, false], [true, true, true, true]].entries()) {
        await tabTo(tab, steps.nth(nth).locator('summary'));
        await tab.keyboard.press('Enter');
        await until(`hint ${nth + 2} is there`, async () => JSON.stringify(await shown()) === JSON.stringify(expected));
    }
    await look(tab, box, 'hints', values.screenshots);
});

test('what another editor wrote is not written over without asking', { timeout: BUILD }, async () => {
    save(ECHO, 'right/one_buffer');
    await go(tab, 'ch03-udp/exercises.html');
    const { box, editor } = boxOf(ECHO);
    if ((await editor.count()) === 0) {
        await box.getByRole('button', { name: 'Edit here' }).click();
    }
    await type(ECHO, '// mine');
    writeFileSync(fileOf(ECHO), `${sample(ECHO, 'stub')}// theirs\n`);
    await box.getByRole('button', { name: 'The one in the file' }).waitFor({ timeout: BUILD });
    assert.match(readFileSync(fileOf(ECHO), 'utf8'), /theirs/);
    await look(tab, box, 'conflict', values.screenshots);
    await box.getByRole('button', { name: 'The one here, over the other' }).click();
    await box.getByText('Saved, and on the disk.').waitFor();
    assert.match(readFileSync(fileOf(ECHO), 'utf8'), /mine/);

    await type(ECHO, '// mine again');
    writeFileSync(fileOf(ECHO), `${sample(ECHO, 'stub')}// theirs again\n`);
    await box.getByRole('button', { name: 'The one in the file' }).click({ timeout: BUILD });
    await editor.getByText('// theirs again').waitFor();
    assert.doesNotMatch(readFileSync(fileOf(ECHO), 'utf8'), /mine/);

    // Closed at once after typing: nothing is lost, and the question comes as well.
    await type(ECHO, '// the last');
    await box.getByRole('button', { name: 'Close the editor' }).click();
    await until('the last text is in the file', () => readFileSync(fileOf(ECHO), 'utf8').includes('// the last'));
});

test('progress is marked in the contents and on its page', { timeout: 2 * BUILD }, async () => {
    save(ECHO, 'right/one_buffer');
    await go(tab, 'ch03-udp/exercises.html');
    await check(ECHO, 'done');
    const links = tab.locator('#sidebar .chapter-link-wrapper > a');
    await links.filter({ hasText: 'Exercises' }).locator('.progress', { hasText: '1/4' }).waitFor();
    await links.filter({ hasText: '3. UDP' }).locator('.progress', { hasText: '1/4' }).waitFor();
    await tab.locator('#sidebar .headings a', { hasText: '3.1' }).locator('.standing-mark[data-state="done"]').waitFor();

    await tab.getByRole('link', { name: 'Your progress' }).first().click();
    const items = tab.locator('.progress-page li');
    await items.first().waitFor();
    const names = await items.evaluateAll(all => all.map(item => /** @type {HTMLElement} */ (item).dataset.exercise));
    const exercises = readdirSync(path.join(root, 'labs/graders/src')).filter(name => /^ex\d\d_/.test(name));
    assert.deepEqual(names, exercises.sort());
    assert.ok(await tab.locator('.progress-fallback').isHidden());
    await tab.locator(`.progress-page li[data-exercise="${ECHO}"][data-standing="done"]`).waitFor();
    const next = tab.locator('.progress-page .next a');
    assert.match((await next.getAttribute('href')) ?? '', /ch01-layers\/exercises\.html#ex01_1$/);
    await look(tab, tab.locator('main'), 'progress', values.screenshots);

    // It follows the file, and says what comes then.
    const right = readdirSync(path.join(root, 'labs/graders/src/ex01_1_transfer_time/right'))[0] ?? assert.fail();
    save('ex01_1_transfer_time', `right/${path.basename(right, '.rs')}`);
    await tab.locator('.progress-page li[data-exercise="ex01_1_transfer_time"][data-standing="done"]').waitFor({ timeout: BUILD });
    assert.match((await next.getAttribute('href')) ?? '', /#ex01_2$/);
    await next.click();
    await tab.waitForURL(/ch01-layers\/exercises\.html#ex01_2$/);
});

test('after a restart the page comes back, and what was typed with it', { timeout: 2 * BUILD }, async () => {
    save(ECHO, 'right/one_buffer');
    await go(tab, 'ch03-udp/exercises.html');
    const { box, editor } = boxOf(ECHO);
    await check(ECHO, 'done');
    if ((await editor.count()) === 0) {
        await box.getByRole('button', { name: 'Edit here' }).click();
    }
    await editor.waitFor();
    const second = await open();
    await go(second.tab, 'ch03-udp/steps.html');
    const lab = labOf(second.tab, 'udp_hello');
    await lab.bar.locator('.run').click();
    await lab.client.getByText('ended, exit status 0').waitFor({ timeout: BUILD });

    const port = Number(new URL(server.origin).port);
    assert.deepEqual(complaints, []);
    await server.stop();
    assert.deepEqual(labsOf(root), [], 'the labs end with the server');
    await tab.locator('.notice', { hasText: 'connection to the book' }).waitFor();
    await second.tab.locator('.notice').waitFor();
    await until('the page knows that its labs have ended', async () => (await lab.live.locator('[data-state="running"]').count()) === 0);
    await type(ECHO, '// typed without a server');
    await look(tab, tab.locator('body'), 'lost-server', values.screenshots);
    assert.doesNotMatch(readFileSync(fileOf(ECHO), 'utf8'), /typed without/);

    const back = [tab.waitForEvent('load', { timeout: 60_000 }), second.tab.waitForEvent('load', { timeout: 60_000 })];
    server = await start(values.tutor, root, port);
    await Promise.all(back);
    // The editor is open again, with the text, which is saved by now.
    await editor.getByText('typed without a server').waitFor();
    await until('the text is in the file', () => readFileSync(fileOf(ECHO), 'utf8').includes('typed without a server'));
    await tab.locator('.notice').waitFor({ state: 'detached' });
    await stands(ECHO, 'done');
    await second.context.close();
    // The failed requests of the time between are no fault of the pages'.
    complaints.length = 0;
});

test('nothing was said on the console, and nothing was asked of others', async () => {
    await go(tab, 'index.html');
    await until('no lab is left', () => labsOf(root).length === 0);
    assert.deepEqual(complaints, []);
});
