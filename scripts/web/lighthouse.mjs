// Lighthouse's marks for the home page, the page with the most pictures, and two
// pages of chapter 3, as a phone sees them.
//
//     node lighthouse.mjs --dir ../../target/book [--page ch03-udp/steps.html]...
//
// A diagram is left undrawn, as it is until it comes into view; with --diagrams
// it is drawn where the first screen shows it. Accessibility and best practices
// must be 95 or better. Performance is printed: it depends on the machine, and
// on what else the machine does.

import { createServer } from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';

import lighthouse from 'lighthouse';
import { chromium } from 'playwright-core';

import { pages } from './book.mjs';
import { CHROMIUM, FLAGS } from './browser.mjs';
import { serve } from './server.mjs';

const LEAST = 95;
const { values } = parseArgs({
    options: {
        dir: { type: 'string', default: path.join(import.meta.dirname, '../../target/book') },
        page: { type: 'string', multiple: true },
        diagrams: { type: 'boolean', default: false },
    },
});

setTimeout(() => {
    console.error('lighthouse: not done after 5 minutes');
    process.exit(1);
}, 5 * 60_000).unref();

const book = pages(values.dir);
const names = values.page ?? [
    'index.html',
    book.reduce((most, page) => (page.has.picture > most.has.picture ? page : most)).name,
    // A page with a diagram, and the chapter's heaviest without one.
    book.find(({ name, diagrams }) => name.startsWith('ch03-') && diagrams > 0)?.name,
    book.find(({ name, has, diagrams }) => name.startsWith('ch03-') && diagrams === 0 && has.exercise > 0)?.name,
].filter(name => name !== undefined);

/**
 * A port that nobody has at this moment: Lighthouse wants to be told one.
 * @returns {Promise<number>}
 */
function freePort() {
    return new Promise((resolve, reject) => {
        const server = createServer().once('error', reject);
        server.listen(0, '127.0.0.1', () => {
            const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
            server.close(() => resolve(port));
        });
    });
}

const host = await serve(values.dir, html => (values.diagrams ? html : html.replaceAll('<pre class="mermaid"', '<pre class="undrawn"')));
/** @type {string[]} */
const problems = [];
for (const name of names) {
    const port = await freePort();
    const browser = await chromium.launchServer({ executablePath: CHROMIUM, args: [...FLAGS, `--remote-debugging-port=${port}`], timeout: 30_000 });
    try {
        const result = await lighthouse(`${host.origin}/${name}`, {
            port,
            logLevel: 'error',
            onlyCategories: ['performance', 'accessibility', 'best-practices'],
        });
        if (!result || result.lhr.runtimeError) {
            problems.push(`${name}: ${result?.lhr.runtimeError?.message ?? 'no result'}`);
            continue;
        }
        const { categories, audits } = result.lhr;
        const mark = (/** @type {string} */ id) => Math.round((categories[id]?.score ?? 0) * 100);
        const metric = (/** @type {string} */ id) => audits[id]?.displayValue?.replace(/\s/g, ' ') ?? '?';
        console.log(
            `${name}: performance ${mark('performance')}, accessibility ${mark('accessibility')}, best practices ${mark('best-practices')}`
            + ` (first paint ${metric('first-contentful-paint')}, largest ${metric('largest-contentful-paint')}, blocked ${metric('total-blocking-time')}, shift ${metric('cumulative-layout-shift')})`,
        );
        for (const id of ['accessibility', 'best-practices']) {
            if (mark(id) < LEAST) {
                const lost = (categories[id]?.auditRefs ?? []).filter(({ id: audit }) => audits[audit]?.score === 0).map(({ id: audit }) => audit);
                problems.push(`${name}: ${id} ${mark(id)}, less than ${LEAST}: ${lost.join(', ')}`);
            }
        }
    } finally {
        await browser.close();
    }
}
host.close();
for (const problem of problems) {
    console.error(`lighthouse: ${problem}`);
}
process.exit(problems.length > 0 ? 1 : 0);
