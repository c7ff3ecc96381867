// Looks at every page of the built book in a real browser.
//
//     node check.mjs --dir ../../target/book [--server http://127.0.0.1:3000] [--screenshots DIR]
//
// With --server, the tutor's own pages are looked at as well.

import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { missing, page as readPage, pages as readPages } from './book.mjs';
import { launch } from './browser.mjs';
import { checkFurniture } from './furniture.mjs';
import { checkPage, checkWithoutScript, WIDTHS } from './pages.mjs';
import { checkPlain } from './plain.mjs';
import { serve } from './server.mjs';
import { checkTutor } from './tutor.mjs';

const here = import.meta.dirname;
const { values } = parseArgs({
    options: {
        dir: { type: 'string', default: path.join(here, '../../target/book') },
        server: { type: 'string' },
        screenshots: { type: 'string' },
    },
});

/** No page takes minutes: whatever hangs ends here. */
setTimeout(() => {
    console.error('web: not done after 20 minutes');
    process.exit(1);
}, 20 * 60_000).unref();

/**
 * Where each thing was seen: most are seen in every theme.
 *
 * @type {Map<string, Set<string>>}
 */
const problems = new Map();
/** @param {string} where @param {string} what */
const report = (where, what) => {
    const line = what.split('\n')[0]?.slice(0, 400) ?? '';
    problems.set(line, (problems.get(line) ?? new Set()).add(where));
};

const pages = readPages(values.dir);
for (const what of missing(pages)) {
    report('book', what);
}

if (values.screenshots) {
    rmSync(values.screenshots, { recursive: true, force: true });
    mkdirSync(values.screenshots, { recursive: true });
}

const host = await serve(values.dir);
const browser = await launch();
try {
    // Two at a time: more would only take turns on two cores.
    const all = [...pages, readPage(values.dir, '404.html'), readPage(values.dir, 'print.html')];
    const jobs = WIDTHS.flatMap(width =>
        all.map(page => () => checkPage({ browser, origin: host.origin, page, width, report, home: page === pages[0], screenshots: values.screenshots })),
    );
    jobs.push(...pages.map(page => () => checkWithoutScript({ browser, origin: host.origin, page, report })));
    await Promise.all([worker(jobs), worker(jobs)]);

    await checkPlain({ browser, origin: host.origin, pages, report });
    await checkFurniture({ browser, origin: host.origin, pages, report });
    if (values.server) {
        await checkTutor({ browser, origin: values.server.replace(/\/$/, ''), pages, report });
    }
} finally {
    await browser.close();
    host.close();
}

if (problems.size > 0) {
    for (const [what, places] of problems) {
        const [first, ...others] = places;
        console.error(`web: ${first}${others.length > 0 ? ` and ${others.length} more` : ''}: ${what}`);
    }
    console.error(`web: ${problems.size} problem(s) in ${pages.length} pages`);
    process.exit(1);
}
console.log(`web: ${pages.length} pages, ${WIDTHS.join(' and ')} px: good${values.screenshots ? `. Screenshots in ${values.screenshots}` : ''}`);
process.exit(0);

/** @param {(() => Promise<void>)[]} queue */
async function worker(queue) {
    for (let job = queue.shift(); job; job = queue.shift()) {
        await job();
    }
}
