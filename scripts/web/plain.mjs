import { TIMEOUT, openTab } from './pages.mjs';

/**
 * The built site as any web host gives it out, without the book's server:
 * nothing that needs it is there, nothing is promised, and one line says how to
 * get it.
 *
 * @param {{
 *     browser: import('playwright-core').Browser,
 *     origin: string,
 *     pages: import('./book.mjs').Page[],
 *     report: import('./pages.mjs').Report,
 * }} job
 */
export async function checkPlain({ browser, origin, pages, report }) {
    for (const javaScriptEnabled of [true, false]) {
        const kind = javaScriptEnabled ? 'no server' : 'no server, no JavaScript';
        /** @type {string} */
        let name = '';
        const say = (/** @type {string} */ what) => report(`${name} (${kind})`, what);
        const { context, tab } = await openTab(browser, origin, say, {
            viewport: { width: 1280, height: 900 },
            javaScriptEnabled,
            permissions: ['clipboard-read', 'clipboard-write'],
        });
        tab.on('websocket', socket => say(`opens a socket: ${socket.url()}`));
        context.setDefaultTimeout(TIMEOUT);
        try {
            for (const page of pages) {
                name = page.name;
                await tab.goto(`${origin}/${name}`, { waitUntil: 'load' });
                if (javaScriptEnabled) {
                    await tab.waitForFunction(() => document.documentElement.classList.contains('ready'));
                    await pressAll(tab, say);
                }
                for (const what of await tab.evaluate(look)) {
                    say(what);
                }
            }
            name = 'the line that says how to get the server';
            const live = pages.find(({ has }) => has.transcript > 0 && has.exercise > 0) ?? pages.find(({ has }) => has.exercise > 0);
            if (live) {
                await tab.goto(`${origin}/${live.name}`);
                await tab.locator('.get-live a').click();
                await tab.waitForURL(/\/index\.html#read$/);
                if (!(await tab.locator('main .command, main code', { hasText: 'cargo run' }).first().isVisible())) {
                    say('it leads to no command');
                }
            }
            name = 'progress.html';
            await tab.goto(`${origin}/${name}`);
            const text = await tab.locator('main').innerText();
            if (!/cargo run/.test(text) || /\d of \d+/.test(text)) {
                say(`it does not say how to get what it is for: ${text.slice(0, 200)}`);
            }
        } catch (error) {
            say(`the check itself failed: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
        } finally {
            await context.close();
        }
    }
}

/**
 * What is wrong with a page; in the page itself, which may have no JavaScript of
 * its own.
 */
function look() {
    /** @type {string[]} */
    const wrong = [];
    const shown = (/** @type {Element} */ element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: false });
    const root = document.documentElement;
    if (root.dataset['server'] !== undefined) {
        wrong.push('it says that a server of the book is there');
    }
    for (const element of document.querySelectorAll('.run-bar, .live, .editor-place, .verdict, .notice, .progress, .standing-mark, .when-served')) {
        if (shown(element)) {
            wrong.push(`what only the server can do is shown: ${element.className}`);
        }
    }
    const works = root.classList.contains('js');
    for (const button of document.querySelectorAll('button, input, [role="button"], a:not([href])')) {
        if (!works && shown(button)) {
            wrong.push(`a dead button: ${button.textContent?.trim() || button.getAttribute('aria-label')}`);
        }
    }
    for (const terminal of document.querySelectorAll('.transcript pre, .recorded pre, .exercise pre')) {
        const isFolded = terminal.closest('details:not([open])');
        if (!isFolded && (!shown(terminal) || (terminal.textContent ?? '').trim() === '')) {
            wrong.push(`an empty or hidden block: ${terminal.parentElement?.className}`);
        }
    }
    for (const exercise of document.querySelectorAll('section.exercise')) {
        const steps = [...exercise.querySelectorAll('details:is(.hint, .solution) > summary')];
        if (steps.length !== 4 || !steps.every(shown)) {
            wrong.push(`${exercise.id}: ${steps.filter(shown).length} of its hints can be reached`);
        }
        if (!/cargo test ex\d\d_\d/.test(exercise.textContent ?? '')) {
            wrong.push(`${exercise.id}: no command checks it`);
        }
    }
    const lines = [...document.querySelectorAll('.get-live')].filter(shown).length;
    const wanted = document.querySelector('main .transcript[data-run], main section.exercise') ? 1 : 0;
    if (lines !== wanted) {
        wrong.push(`${lines} lines say how to run things in the page, not ${wanted}`);
    }
    return wrong;
}

/**
 * Every button of the text does something: without the server there are only
 * those that copy.
 *
 * @param {import('playwright-core').Page} tab
 * @param {(what: string) => void} say
 */
async function pressAll(tab, say) {
    const dead = await tab.evaluate(async () => {
        /** @type {string[]} */
        const dead = [];
        for (const button of document.querySelectorAll('main button')) {
            if (!button.closest('details:not([open])')) {
                const before = button.textContent;
                /** @type {HTMLElement} */ (button).click();
                const end = performance.now() + 2000;
                while (button.textContent === before && performance.now() < end) {
                    await new Promise(resolve => setTimeout(resolve, 5));
                }
                if (button.textContent === before) {
                    dead.push(before ?? '');
                }
            }
        }
        return dead;
    });
    for (const button of dead) {
        say(`the button "${button}" does nothing`);
    }
}
