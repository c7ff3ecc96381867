import { accessible, drawDiagrams, openTab } from './pages.mjs';

/**
 * What stands around the text, once: theme, contents, search, keys, copying,
 * diagrams that follow the theme, live reload.
 *
 * @param {{
 *     browser: import('playwright-core').Browser,
 *     origin: string,
 *     pages: import('./book.mjs').Page[],
 *     report: import('./pages.mjs').Report,
 * }} job
 */
export async function checkFurniture({ browser, origin, pages, report }) {
    const withDiagram = pages.find(({ diagrams }) => diagrams > 0);
    const withCode = pages.find(({ has }) => has.transcript > 0);
    const second = pages[1];
    /** @type {[name: string, options: object, run: (tab: import('playwright-core').Page, say: (what: string) => void) => Promise<void>][]} */
    const checks = [
        ['theme', {}, (tab, say) => theme(tab, say)],
        ['search and keys', {}, (tab, say) => searchAndKeys(tab, say, second?.name ?? 'index.html')],
        ['contents over the text', { viewport: { width: 390, height: 800 } }, (tab, say) => drawer(tab, say)],
        ['live reload', {}, (tab, say) => liveReload(tab, say, origin)],
    ];
    if (withCode) {
        checks.push(['copy', { permissions: ['clipboard-read', 'clipboard-write'] }, (tab, say) => copy(tab, say, withCode.name)]);
    }
    if (withDiagram) {
        checks.push(['diagram and theme', {}, (tab, say) => diagramFollows(tab, say, withDiagram)]);
    }
    for (const [name, options, run] of checks) {
        const say = (/** @type {string} */ what) => report(name, what);
        const { context, tab } = await openTab(browser, origin, say, { viewport: { width: 1280, height: 900 }, baseURL: origin, colorScheme: 'light', ...options });
        try {
            await run(tab, say);
        } catch (error) {
            say(`the check itself failed: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
        } finally {
            await context.close();
        }
    }
}

/** @typedef {import('playwright-core').Page} Tab */

/** @param {Tab} tab @param {string} name */
async function open(tab, name) {
    await tab.goto(`/${name}`);
    await tab.waitForFunction(() => document.documentElement.classList.contains('ready'));
}

/** @param {Tab} tab */
const shown = tab => tab.evaluate(() => [...document.documentElement.classList].filter(name => name === 'light' || name === 'coal').join(' '));

/** @param {Tab} tab @param {(what: string) => void} say */
async function theme(tab, say) {
    await open(tab, 'index.html');
    const button = tab.locator('[popovertarget="theme-menu"]');
    await button.focus();
    await tab.keyboard.press('Enter');
    await tab.locator('#theme-menu input:checked:focus').waitFor();
    await accessible(tab, say);
    for (const [key, wanted] of [['ArrowDown', 'light'], ['ArrowDown', 'coal'], ['ArrowDown', 'light']]) {
        await tab.keyboard.press(/** @type {string} */ (key));
        if ((await shown(tab)) !== wanted) {
            say(`the menu shows ${await shown(tab)} where ${wanted} was chosen`);
        }
    }
    await tab.locator('#theme-menu input[value="coal"]').check();
    await tab.keyboard.press('Escape');
    await tab.locator('#theme-menu').waitFor({ state: 'hidden' });
    await tab.goto('/index.html', { waitUntil: 'domcontentloaded' });
    if ((await shown(tab)) !== 'coal') {
        say('the choice is gone on the next page');
    }
    await tab.emulateMedia({ colorScheme: 'light' });
    await button.click();
    await tab.locator('#theme-menu input[value="auto"]').check();
    await tab.emulateMedia({ colorScheme: 'dark' });
    await tab.waitForFunction(() => document.documentElement.classList.contains('coal'));
    await tab.emulateMedia({ colorScheme: 'light' });
    await tab.waitForFunction(() => document.documentElement.classList.contains('light'));
}

/** @param {Tab} tab @param {(what: string) => void} say @param {string} second */
async function searchAndKeys(tab, say, second) {
    /** @type {string[]} */
    const asked = [];
    tab.on('request', request => asked.push(request.url()));
    await open(tab, 'index.html');
    await tab.waitForLoadState('networkidle');
    if (asked.some(url => /search|elasticlunr|mark\.min/.test(url))) {
        say('search is loaded before it is opened');
    }

    await tab.keyboard.press('?');
    await tab.locator('#help[open]').waitFor();
    await accessible(tab, say);
    await tab.locator('#help button').click();
    await tab.locator('#help').waitFor({ state: 'hidden' });

    await tab.locator('#search-open').click();
    await tab.locator('#search button').click();
    await tab.locator('#search').waitFor({ state: 'hidden' });
    await tab.keyboard.press('/');
    await tab.locator('#search-words:focus').waitFor();
    await tab.keyboard.type('datagrams');
    await tab.locator('#search-results a').first().waitFor();
    await accessible(tab, say);
    await tab.keyboard.press('ArrowDown');
    await tab.locator('#search-results a:focus').waitFor();
    await tab.keyboard.press('ArrowUp');
    await tab.locator('#search-words:focus').fill('xyzzyq');
    await tab.waitForFunction(() => document.querySelectorAll('#search-results a').length === 0 && document.getElementById('search-status')?.textContent);
    await tab.locator('#search-words').fill('datagram');
    await tab.locator('#search-results a').first().waitFor();
    await tab.keyboard.press('Enter');
    await tab.locator('#search').waitFor({ state: 'hidden' });

    await open(tab, 'index.html');
    await tab.keyboard.press('ArrowRight');
    await tab.waitForURL(url => url.pathname === `/${second}`);
    await tab.waitForFunction(() => document.documentElement.classList.contains('ready'));
    await tab.keyboard.press('ArrowLeft');
    await tab.waitForURL(url => url.pathname === '/index.html');
    await tab.waitForFunction(() => document.documentElement.classList.contains('ready'));

    await tab.keyboard.press('Tab');
    await tab.locator('.skip-link:focus').waitFor();
    await tab.keyboard.press('Enter');
    await tab.locator('main:focus').waitFor();

    const toggle = tab.locator('#sidebar-toggle');
    await toggle.click();
    await tab.locator('#sidebar').waitFor({ state: 'hidden' });
    await tab.reload();
    await tab.waitForFunction(() => document.documentElement.classList.contains('ready'));
    if (await tab.locator('#sidebar').isVisible()) {
        say('a hidden sidebar is back on the next page');
    }
    await toggle.click();
    await tab.locator('#sidebar').waitFor();
}

/** @param {Tab} tab @param {(what: string) => void} say */
async function drawer(tab, say) {
    await open(tab, 'index.html');
    const toggle = tab.locator('#sidebar-toggle');
    await toggle.click();
    await tab.locator('#sidebar a:focus').waitFor();
    if ((await toggle.getAttribute('aria-expanded')) !== 'true') {
        say('the button does not say that the contents are open');
    }
    await accessible(tab, say);
    await tab.keyboard.press('Escape');
    await tab.locator('#sidebar').waitFor({ state: 'hidden' });
    await tab.locator('#sidebar-toggle:focus').waitFor();
}

/** @param {Tab} tab @param {(what: string) => void} say @param {string} name */
async function copy(tab, say, name) {
    await open(tab, name);
    const block = tab.locator('.terminal pre', { hasText: '$ ' }).first();
    const command = (await block.innerText()).split('\n').find(line => line.startsWith('$ '))?.slice(2);
    await block.hover();
    await block.locator('.copy').click();
    await block.locator('.copy[data-state="copied"]').waitFor();
    const text = await tab.evaluate(() => navigator.clipboard.readText());
    if (text.split('\n')[0] !== command) {
        say(`${name}: copied "${text}", not "${command}"`);
    }
}

/** @param {Tab} tab @param {(what: string) => void} say @param {import('./book.mjs').Page} page */
async function diagramFollows(tab, say, page) {
    await open(tab, page.name);
    await drawDiagrams(tab, page, say);
    await tab.locator('.diagram').first().scrollIntoViewIfNeeded();
    await tab.locator('.diagram.light').first().waitFor();
    await tab.locator('[popovertarget="theme-menu"]').click();
    await tab.locator('#theme-menu input[value="coal"]').check();
    await tab.locator('.diagram.dark').first().waitFor();
    await accessible(tab, say);
}

/** The tutor's side is played here. @param {Tab} tab @param {(what: string) => void} say @param {string} origin */
async function liveReload(tab, say, origin) {
    /** @type {import('playwright-core').WebSocketRoute[]} */
    const sockets = [];
    await tab.routeWebSocket(/\/ws\?token=/, socket => {
        sockets.push(socket);
    });
    await open(tab, 'index.html');
    if (sockets.length > 0) {
        say('a page that no tutor served opens a socket');
    }
    await tab.route(`${origin}/index.html`, async route => {
        const response = await route.fetch();
        const body = (await response.text()).replace('<html', '<html data-server="secret"');
        await route.fulfill({ response, body });
    });
    const socket = async (/** @type {number} */ nth) => {
        const end = Date.now() + 10_000;
        while (sockets.length < nth && Date.now() < end) {
            await tab.evaluate(() => new Promise(resolve => requestAnimationFrame(resolve)));
        }
        const found = sockets[nth - 1];
        if (!found) {
            throw new Error(`socket ${nth} was never opened`);
        }
        return found;
    };
    await open(tab, 'index.html');
    const first = await socket(1);
    if (!first.url().endsWith('/ws?token=secret')) {
        say(`the socket goes to ${first.url()}`);
    }
    first.send(JSON.stringify({ type: 'unknown' }));
    first.send('not even JSON');
    first.send(JSON.stringify({ type: 'build-error', text: 'book/src/a.md:1: no such <lab>' }));
    const banner = tab.locator('.build-error[role="alert"]', { hasText: 'no such <lab>' });
    await banner.waitFor();
    await accessible(tab, say);
    await banner.getByRole('button').click();
    await banner.waitFor({ state: 'detached' });

    const again = tab.waitForEvent('load');
    first.send(JSON.stringify({ type: 'reload' }));
    await again;
    const later = await socket(2);
    // The server goes away, and is back: whatever it has is shown anew.
    const back = tab.waitForEvent('load');
    await later.close();
    await back;
}
