/**
 * Starts what a page needs, and loads nothing that it does not.
 *
 * The furniture (theme, sidebar, code, keys) is on every page. An element is
 * loaded where its selector finds something: a new one is a file in elements/,
 * a line here, and a line in book.toml's `additional-js`, which copies it.
 */
import { startCode } from './page/code.js';
import { startKeys } from './page/keys.js';
import { startPrint } from './page/print.js';
import { startSidebar } from './page/sidebar.js';
import { startTheme } from './page/theme.js';

/** @type {[selector: string, load: () => Promise<unknown>][]} */
const elements = [
    ['pre.mermaid', () => import('./elements/mermaid-figure.js')],
    ['html[data-server]', () => import('./elements/live-reload.js')],
    ['html[data-server]', () => import('./page/progress.js')],
    ['html[data-server]:not([data-print]) .progress-fallback', () => import('./elements/progress-page.js')],
    ['html[data-server]:not([data-print]) .transcript[data-run]', () => import('./elements/lab-run.js')],
    ['html[data-server]:not([data-print]) section.exercise', () => import('./elements/exercise-check.js')],
];

startTheme();
startSidebar();
startCode();
startKeys();
startPrint();
document.documentElement.classList.add('ready');

for (const [selector, load] of elements) {
    if (document.querySelector(selector)) {
        load().catch(error => console.error(error));
    }
}
