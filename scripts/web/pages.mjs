import path from 'node:path';

import axe from 'axe-core';

/**
 * @typedef {import('playwright-core').Browser} Browser
 * @typedef {import('playwright-core').Page} Tab
 * @typedef {import('./book.mjs').Page} Page
 * @typedef {(where: string, what: string) => void} Report
 * @typedef {{name: string, value: string, scheme: 'light' | 'dark', shows: string}} Mode
 */

export const WIDTHS = [1280, 390];

/** The three that a reader can choose, with the system set against the choice where there is one. */
/** @type {Mode[]} */
export const MODES = [
    { name: 'light', value: 'light', scheme: 'dark', shows: 'light' },
    { name: 'dark', value: 'coal', scheme: 'light', shows: 'coal' },
    { name: 'auto-dark', value: 'auto', scheme: 'dark', shows: 'coal' },
];

export const TIMEOUT = 15_000;
const MOST_BYTES = 200_000;
const SMALLEST_TEXT = 12;
const MERMAID = /\/vendor\/mermaid\//;

/**
 * A tab that reports whatever it should not do.
 *
 * @param {Browser} browser
 * @param {string} origin
 * @param {(what: string) => void} report
 * @param {import('playwright-core').BrowserContextOptions} options
 */
export async function openTab(browser, origin, report, options) {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(TIMEOUT);
    await context.route(url => url.origin !== origin, route => {
        report(`asks for ${route.request().url()}, which is not of this book`);
        return route.abort();
    });
    const tab = await context.newPage();
    tab.on('console', message => {
        if (['error', 'warning', 'assert'].includes(message.type())) {
            report(`the console says: ${message.text()}`);
        }
    });
    tab.on('pageerror', error => report(`a script failed: ${error.message}`));
    tab.on('requestfailed', request => {
        const why = request.failure()?.errorText;
        if (why !== 'net::ERR_ABORTED') { // the page was left before it had everything
            report(`${request.url()} failed: ${why}`);
        }
    });
    tab.on('response', response => {
        if (response.status() >= 400 && !response.url().endsWith('/404.html')) {
            report(`${response.url()} is answered with ${response.status()}`);
        }
    });
    return { context, tab };
}

/**
 * Everything that holds for any page at one width, in one theme after the other.
 *
 * @param {{browser: Browser, origin: string, page: Page, width: number, report: Report, home: boolean, screenshots: string | undefined}} job
 */
export async function checkPage({ browser, origin, page, width, report, home, screenshots }) {
    let where = `${page.name} (${width} px)`;
    const say = (/** @type {string} */ what) => report(where, what);
    const { context, tab } = await openTab(browser, origin, say, {
        viewport: { width, height: 900 },
        colorScheme: MODES[0]?.scheme,
        hasTouch: width < 500,
    });
    try {
        await context.addInitScript(() => {
            window.print = () => {}; // print.html prints itself
            addEventListener('securitypolicyviolation', event => {
                console.error(`against the policy: ${event.violatedDirective} ${event.blockedURI}`);
            });
        });

        /** @type {Promise<{url: string, bytes: number}>[]} */
        const sizes = [];
        tab.on('requestfinished', request => {
            sizes.push(request.sizes().then(({ responseBodySize, responseHeadersSize }) => ({ url: request.url(), bytes: responseBodySize + responseHeadersSize })));
        });
        await tab.goto(`${origin}/${page.name}`, { waitUntil: 'load' });
        await tab.waitForFunction(() => document.documentElement.classList.contains('ready'));
        await tab.waitForLoadState('networkidle');
        await drawDiagrams(tab, page, say);
        if (width === 1280 && page.name !== 'print.html') {
            weigh(page.name, await Promise.all(sizes), say);
        }

        for (const mode of MODES.slice(0, forms(page, width, home || screenshots !== undefined))) {
            where = `${page.name} (${width} px, ${mode.name})`;
            await choose(tab, mode);
            if (screenshots && page.name !== 'print.html') {
                const file = `${page.name.replace(/\.html$/, '').replaceAll('/', '_')}-${width}-${mode.name}.png`;
                await tab.evaluate(() => scrollTo(0, 0));
                await tab.screenshot({ path: path.join(screenshots, file), fullPage: true });
            }
            if (mode === MODES[0]) {
                await fits(tab, say);
            }
            // What is folded is part of the page.
            await unfold(tab, true);
            if (mode === MODES[0]) {
                await fits(tab, say);
            }
            await accessible(tab, say);
            await unfold(tab, false);
        }
        // The print page has every quiz of the book: thousands of keys, and no reader there.
        if (page.has.quiz > 0 && width === 1280 && page.name !== 'print.html') {
            where = `${page.name} (keyboard)`;
            await quizByKeyboard(tab, say);
        }
    } catch (error) {
        say(`the check itself failed: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
    } finally {
        await context.close();
    }
}

/**
 * In how many of the modes a page is looked at. Colours do not depend on the width, nor does
 * Auto on the page; paper is light, whatever was chosen.
 *
 * @param {Page} page
 * @param {number} width
 * @param {boolean} whole
 */
function forms(page, width, whole) {
    if (page.name === 'print.html') {
        return 1;
    }
    return whole ? MODES.length : width === WIDTHS[0] ? 2 : 1;
}

/**
 * Chooses a theme from the menu, and waits until the diagrams have its colours.
 *
 * @param {Tab} tab
 * @param {Mode} mode
 */
export async function choose(tab, mode) {
    await tab.emulateMedia({ colorScheme: mode.scheme });
    await tab.evaluate(value => {
        const input = /** @type {HTMLInputElement} */ (document.querySelector(`#theme-menu input[value="${value}"]`));
        input.checked = true;
        input.dispatchEvent(new Event('change', { bubbles: true }));
    }, mode.value);
    await tab.waitForFunction(shows => document.documentElement.classList.contains(shows), mode.shows);
    const colors = mode.shows === 'light' ? 'light' : 'dark';
    for (let nth = 0, all = await tab.locator('.diagram').count(); nth < all; nth++) {
        await tab.locator('.diagram').nth(nth).scrollIntoViewIfNeeded().catch(() => {}); // replaced by its new drawing
        await tab.waitForFunction(([n, name]) => document.querySelectorAll('.diagram')[Number(n)]?.classList.contains(String(name)), [nth, colors]);
    }
}

/**
 * @param {Tab} tab
 * @param {boolean} open
 */
async function unfold(tab, open) {
    await tab.evaluate(async open => {
        for (const details of document.querySelectorAll('details')) {
            details.open = open;
        }
        // Two frames: one in which sizes are observed, and one after it.
        await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }, open);
}

/**
 * Brings every diagram into view, and looks at the drawing.
 *
 * @param {Tab} tab
 * @param {Page} page
 * @param {(what: string) => void} say
 */
export async function drawDiagrams(tab, page, say) {
    for (let left = page.diagrams; left > 0; left--) {
        const source = tab.locator('pre.mermaid').first();
        if ((await source.count()) === 0) {
            break;
        }
        await source.scrollIntoViewIfNeeded().catch(() => {}); // it may be drawn, and gone, meanwhile
        const gone = await tab
            .waitForFunction(most => document.querySelectorAll('pre.mermaid').length < most, left)
            .catch(() => null);
        if (gone === null) {
            say('a diagram is not drawn');
            return;
        }
    }
    const drawn = await tab.evaluate(() =>
        [...document.querySelectorAll('figure.diagram > svg')].map(svg => {
            const { width, height } = svg.getBoundingClientRect();
            const view = /** @type {SVGSVGElement} */ (svg).viewBox.baseVal;
            return {
                width,
                height,
                text: 16 * (width / view.width),
                role: svg.getAttribute('role'),
                title: svg.querySelector(':scope > title')?.textContent?.trim() ?? '',
                description: svg.querySelector(':scope > desc')?.textContent?.trim() ?? '',
                shapes: svg.querySelectorAll('rect, path, line, polygon').length,
            };
        }),
    );
    if (drawn.length !== page.diagrams) {
        say(`${drawn.length} of ${page.diagrams} diagrams are drawn`);
    }
    for (const { width, height, text, role, title, description, shapes } of drawn) {
        if (width < 100 || height < 60 || shapes < 3) {
            say(`the diagram "${title}" is empty or tiny: ${Math.round(width)} × ${Math.round(height)}`);
        }
        if (text < SMALLEST_TEXT - 0.1) {
            say(`the diagram "${title}" has text of ${text.toFixed(1)} px, smaller than ${SMALLEST_TEXT}`);
        }
        if (role !== 'img' || !title || !description) {
            say(`a diagram lacks its role, accTitle or accDescr: role ${role}, "${title}", "${description}"`);
        }
    }
}

/**
 * @param {string} name
 * @param {{url: string, bytes: number}[]} sizes
 * @param {(what: string) => void} say
 */
function weigh(name, sizes, say) {
    const sum = (/** @type {typeof sizes} */ some) => some.reduce((total, { bytes }) => total + bytes, 0);
    const diagrams = sizes.filter(({ url }) => MERMAID.test(url));
    const bytes = sum(sizes) - sum(diagrams);
    const kilo = (/** @type {number} */ n) => `${(n / 1000).toFixed(1)} kB`;
    console.log(`${name}: ${kilo(bytes)} in ${sizes.length - diagrams.length} files${diagrams.length > 0 ? `, and ${kilo(sum(diagrams))} when a diagram comes into view` : ''}`);
    if (bytes > MOST_BYTES) {
        say(`${kilo(bytes)} over the wire without diagrams; at most ${kilo(MOST_BYTES)}`);
    }
}

/**
 * Nothing is wider than the window, save inside a box that scrolls; and code of
 * up to a hundred columns fits the column of a wide window.
 *
 * @param {Tab} tab
 * @param {(what: string) => void} say
 */
export async function fits(tab, say) {
    const wide = await tab.evaluate(() => {
        const room = document.documentElement.clientWidth;
        /** @type {string[]} */
        const found = [];
        if (document.documentElement.scrollWidth > room) {
            found.push(`the page scrolls sideways: ${document.documentElement.scrollWidth} px in ${room}`);
        }
        for (const element of document.querySelectorAll('main *')) {
            const box = element.getBoundingClientRect();
            if (box.width === 0 || box.right <= room + 1) {
                continue;
            }
            let parent = element.parentElement;
            while (parent && getComputedStyle(parent).overflowX === 'visible') {
                parent = parent.parentElement;
            }
            if (!parent || parent === document.body || parent === document.documentElement) {
                found.push(`<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> reaches ${Math.round(box.right)} px: ${element.textContent?.trim().slice(0, 40)}`);
            }
        }
        if (room >= 1200) {
            for (const code of document.querySelectorAll('main > .slice > pre > code')) {
                const columns = Math.max(...(code.textContent ?? '').split('\n').map(line => line.length));
                if (columns <= 100 && code.scrollWidth > code.clientWidth + 1) {
                    found.push(`code of ${columns} columns does not fit: ${code.textContent?.trim().slice(0, 40)}`);
                }
            }
        }
        for (const box of document.querySelectorAll('main pre > code, main .table-wrapper, main .diagram')) {
            if (box.scrollWidth > box.clientWidth + 1 && box.getAttribute('tabindex') !== '0' && box.checkVisibility()) {
                found.push(`a box scrolls, and the keyboard does not reach it: ${box.textContent?.trim().slice(0, 40)}`);
            }
        }
        return found.slice(0, 5);
    });
    for (const what of wide) {
        say(what);
    }
}

/**
 * @param {Tab} tab
 * @param {(what: string) => void} say
 */
export async function accessible(tab, say) {
    await tab.evaluate(axe.source);
    const violations = await tab.evaluate(async () => {
        const { axe } = /** @type {{axe: typeof import('axe-core')}} */ (/** @type {unknown} */ (window));
        const results = await axe.run(document, { resultTypes: ['violations'] });
        return results.violations.map(({ id, help, nodes }) => `${id} (${help}), ${nodes.length} times, first ${nodes[0]?.target.join(' ')}: ${nodes[0]?.any[0]?.message ?? nodes[0]?.failureSummary ?? ''}`);
    });
    for (const violation of violations) {
        say(`axe: ${violation}`);
    }
}

/**
 * Tab to every answer of the page, Enter and Space to open it.
 *
 * @param {Tab} tab
 * @param {(what: string) => void} say
 */
async function quizByKeyboard(tab, say) {
    const options = await tab.locator('.option').count();
    const questions = await tab.evaluate(() =>
        [...document.querySelectorAll('.question')].map(question => ({
            right: question.querySelectorAll('.option.right').length,
            wrong: question.querySelectorAll('.option.wrong').length,
            silent: [...question.querySelectorAll('.option')].filter(
                option => !option.querySelector('.judgement')?.textContent?.trim() || !option.querySelector('.judgement ~ *')?.textContent?.trim(),
            ).length,
        })),
    );
    if (questions.length === 0) {
        say('the quiz has no questions');
    }
    for (const [index, { right, wrong, silent }] of questions.entries()) {
        if (right !== 1 || wrong < 1 || silent > 0) {
            say(`question ${index + 1} has ${right} right and ${wrong} wrong answers, ${silent} without judgement or reason`);
        }
    }

    await tab.locator('main').focus();
    let reached = 0;
    // Links, code that scrolls and copy buttons lie between.
    const stops = await tab.locator('a, button, summary, input, pre, [tabindex]').count();
    for (let presses = 0; reached < options && presses < stops; presses++) {
        await tab.keyboard.press('Tab');
        const onAnswer = await tab.evaluate(() => document.activeElement?.matches('.option > summary') ?? false);
        if (!onAnswer) {
            continue;
        }
        reached += 1;
        await tab.keyboard.press(reached % 2 ? 'Enter' : 'Space');
        const shown = await tab.evaluate(() => {
            const option = document.activeElement?.parentElement;
            const ring = getComputedStyle(/** @type {Element} */ (document.activeElement));
            return {
                open: option?.hasAttribute('open') && option.querySelector('.judgement')?.checkVisibility(),
                outline: ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) >= 2,
            };
        });
        if (!shown.open) {
            say(`answer ${reached} does not open with ${reached % 2 ? 'Enter' : 'Space'}`);
        }
        if (!shown.outline) {
            say(`answer ${reached} does not show that it has the focus`);
        }
    }
    if (reached < options) {
        say(`the Tab key reached ${reached} of ${options} answers`);
    }
}

/**
 * Without JavaScript: text, contents, diagrams as text, answers that fold open.
 *
 * @param {{browser: Browser, origin: string, page: Page, report: Report}} job
 */
export async function checkWithoutScript({ browser, origin, page, report }) {
    for (const width of WIDTHS) {
        const say = (/** @type {string} */ what) => report(`${page.name} (${width} px, no JavaScript)`, what);
        const { context, tab } = await openTab(browser, origin, say, {
            viewport: { width, height: 900 },
            colorScheme: 'dark',
            javaScriptEnabled: false,
        });
        try {
            await tab.goto(`${origin}/${page.name}`, { waitUntil: 'load' });
            if (!(await tab.locator('main h1').first().isVisible())) {
                say('no heading');
            }
            if ((await tab.locator('main').innerText()).trim().length < 40) {
                say('no text');
            }
            if (width === 1280) {
                const links = await tab.frameLocator('.sidebar iframe').locator('a:visible').count();
                if (links === 0) {
                    say('no contents in the sidebar');
                }
            } else if (!(await tab.locator('a.without-script').isVisible())) {
                say('no way to the contents');
            }
            for (const source of await tab.locator('pre.mermaid').all()) {
                if (!(await source.isVisible())) {
                    say("a diagram's source is not shown");
                }
            }
            const dark = await tab.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
            if (!/^rgb\(\d{1,2}, \d{1,2}, \d{1,2}\)$/.test(dark)) {
                say(`the system's dark theme is not followed: the page is ${dark}`);
            }
            const sideways = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
            if (sideways > 0) {
                say(`the page scrolls sideways by ${sideways} px`);
            }
            const answer = tab.locator('.option').first();
            if ((await answer.count()) > 0) {
                await answer.locator('summary').press('Enter');
                if (!(await answer.locator('.judgement').isVisible())) {
                    say('an answer does not fold open');
                }
            }
        } catch (error) {
            say(`the check itself failed: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
        } finally {
            await context.close();
        }
    }
}
