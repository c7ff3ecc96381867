import { search } from '../core/search.js';
import { word } from './words.js';

/** @typedef {import('../core/search.js').Doc} Doc */

/** @type {Promise<{docs: Doc[], urls: string[], limit: number}> | undefined} */
let index;
let started = false;

/**
 * Makes the dialog search, when it is opened for the first time. Only then is
 * the index loaded.
 *
 * @param {HTMLDialogElement} dialog
 * @param {HTMLInputElement} input
 */
export function startSearch(dialog, input) {
    if (started) {
        return;
    }
    started = true;
    const results = /** @type {HTMLOListElement} */ (document.getElementById('search-results'));
    const links = () => /** @type {HTMLAnchorElement[]} */ ([...results.querySelectorAll('a')]);

    input.addEventListener('input', () => show(input.value, results));
    dialog.querySelector('form')?.addEventListener('submit', event => {
        if (!(event.submitter && event.submitter === document.activeElement)) {
            event.preventDefault(); // Enter in the field, not the button
            links()[0]?.click();
        }
    });
    dialog.addEventListener('keydown', event => {
        const all = links();
        const at = all.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
        if (event.key === 'ArrowDown' && all.length > 0) {
            all[Math.min(at + 1, all.length - 1)]?.focus();
        } else if (event.key === 'ArrowUp' && at >= 0) {
            (all[at - 1] ?? input).focus();
        } else {
            return;
        }
        event.preventDefault();
    });
    dialog.addEventListener('click', event => {
        if (event.target === dialog || (event.target instanceof Element && event.target.closest('a'))) {
            dialog.close(); // beside the box, or to a place on this very page
        }
    });
    show(input.value, results);
}

/**
 * @param {string} query
 * @param {HTMLOListElement} results
 */
async function show(query, results) {
    const status = /** @type {HTMLElement} */ (document.getElementById('search-status'));
    const input = document.getElementById('search-words');
    let data;
    try {
        data = await (index ??= load());
    } catch {
        index = undefined;
        status.textContent = word('searchFailed');
        return;
    }
    if (!data || (input instanceof HTMLInputElement && input.value !== query)) {
        return; // there is a newer question
    }
    const { urls, docs, limit } = data;
    const { count, hits } = search(docs, query, limit);
    if (query.trim() === '') {
        status.textContent = '';
    } else {
        const name = count === 0 ? 'searchNone' : count === 1 ? 'searchOne' : 'searchMany';
        status.textContent = word(name).replace('{n}', String(count));
    }
    results.replaceChildren(...hits.map(hit => {
        const link = document.createElement('a');
        link.href = new URL(urls[Number(hit.id)] ?? '', rootUrl()).href;
        link.append(tagged('b', hit.title), tagged('i', hit.breadcrumbs));
        const teaser = document.createElement('span');
        teaser.append(...hit.teaser.map(piece => (piece.hit ? tagged('mark', piece.text) : piece.text)));
        link.append(teaser);
        const item = document.createElement('li');
        item.append(link);
        return item;
    }));
}

/**
 * @param {string} name
 * @param {string} text
 */
function tagged(name, text) {
    const element = document.createElement(name);
    element.textContent = text;
    return element;
}

function rootUrl() {
    return new URL(document.documentElement.dataset.root || '.', location.href);
}

/** mdBook's index is a script that fills `window.search`. */
function load() {
    const global = /** @type {{search: any}} */ (/** @type {unknown} */ (window));
    global.search = {};
    return /** @type {Promise<{docs: Doc[], urls: string[], limit: number}>} */ (new Promise((resolve, reject) => {
        const script = document.createElement('script');
        script.src = new URL(document.documentElement.dataset.search ?? '', location.href).href;
        script.addEventListener('error', () => reject(new Error('no index')));
        script.addEventListener('load', () => {
            const { doc_urls, index: tables, results_options } = global.search;
            resolve({
                urls: doc_urls,
                docs: Object.values(tables.documentStore.docs),
                limit: results_options.limit_results,
            });
        });
        document.head.append(script);
    }));
}
