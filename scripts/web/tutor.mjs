import { openTab } from './pages.mjs';

/**
 * The tutor serves the same pages, with a socket.
 *
 * @param {{
 *     browser: import('playwright-core').Browser,
 *     origin: string,
 *     pages: import('./book.mjs').Page[],
 *     report: import('./pages.mjs').Report,
 * }} job
 */
export async function checkTutor({ browser, origin, pages, report }) {
    for (const { name } of pages.slice(0, 3)) {
        const say = (/** @type {string} */ what) => report(`${origin}/${name}`, what);
        const { context, tab } = await openTab(browser, origin, say, { viewport: { width: 1280, height: 900 } });
        try {
            const socket = tab.waitForEvent('websocket');
            const devtools = await context.newCDPSession(tab);
            await devtools.send('Network.enable');
            /** @type {Promise<number>} */
            const handshake = new Promise((resolve, reject) => {
                devtools.once('Network.webSocketHandshakeResponseReceived', ({ response }) => resolve(response.status));
                setTimeout(() => reject(new Error('the socket was not answered in 30 s')), 30_000).unref();
            });
            // Either is awaited below, unless the page does not come at all.
            socket.catch(() => {});
            handshake.catch(() => {});
            const response = await tab.goto(`${origin}/${name}`, { waitUntil: 'load' });
            const policy = response?.headers()['content-security-policy'] ?? '';
            for (const part of ["default-src 'none'", "script-src 'self'", "base-uri 'none'"]) {
                if (!policy.includes(part)) {
                    say(`the policy lacks ${part}: ${policy}`);
                }
            }
            if ((await tab.locator('html[data-server]').count()) === 0) {
                say('no data-server on <html>');
            }
            const url = (await socket).url();
            if (!/\/ws\?token=.+/.test(url)) {
                say(`the socket goes to ${url}`);
            }
            const status = await handshake;
            if (status !== 101) {
                say(`the socket was answered with ${status}`);
            }
        } catch (error) {
            say(`the check itself failed: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
        } finally {
            await context.close();
        }
    }
}
