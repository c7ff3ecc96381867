/**
 * Reloads the page when the tutor has built the book anew, and shows why when it
 * could not. Only a page that the tutor served has `data-server`: anywhere else
 * this is not even loaded, and asks for nothing.
 */
import { delay, foldsAsNoted } from '../core/reload.js';
import { hear, watch } from '../page/server.js';
import { word } from '../page/words.js';

/** @type {HTMLElement | undefined} */
let banner;
let wasOpen = false;
let isLeaving = false;

const NOTED = `folds ${location.pathname}`;

restoreFolds();
hear(message => {
    if (message.type === 'reload') {
        reload();
    } else if (message.type === 'build-error') {
        show(message.text);
    }
});
watch(isOpen => {
    if (wasOpen && !isOpen && !isLeaving) {
        lost();
        reloadWhenBack(0);
    }
    wasOpen ||= isOpen;
});
addEventListener('pagehide', () => (isLeaving = true));
// A page that comes back from the browser's cache has lost its connection.
addEventListener('pageshow', event => {
    isLeaving = false;
    if (event.persisted && wasOpen) {
        location.reload();
    }
});

/** Loads the page again; a reader's open folds, a quiz half done, stay open. Who has more to keep hears of it first, and may put it off. */
function reload() {
    if (!dispatchEvent(new Event('book-reload', { cancelable: true }))) {
        addEventListener('book-reload-now', reload, { once: true });
        return;
    }
    const open = folds().map(fold => fold.open);
    try {
        sessionStorage.setItem(NOTED, JSON.stringify(open));
    } catch {
        // A browser that keeps nothing closes the folds.
    }
    location.reload();
}

/** Those that the page has from the start: not what a verdict brings. */
function folds() {
    return /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll('details:not(.twin)')]);
}

function restoreFolds() {
    const all = folds();
    let noted = null;
    try {
        noted = sessionStorage.getItem(NOTED);
        sessionStorage.removeItem(NOTED);
    } catch {
        return;
    }
    foldsAsNoted(noted, all.length).forEach((open, index) => {
        const fold = all[index];
        if (fold) {
            fold.open = open;
        }
    });
}

/**
 * A restarted server has a new token, which only a new page knows, and whatever
 * was said meanwhile was missed: once the server answers, the page is loaded
 * again.
 *
 * @param {number} attempt
 */
function reloadWhenBack(attempt) {
    setTimeout(async () => {
        const back = await fetch(location.href, { cache: 'no-store' }).then(({ ok }) => ok, () => false);
        if (back) {
            reload();
        } else {
            reloadWhenBack(attempt + 1);
        }
    }, delay(attempt, Math.random()));
}

/** Says that the server is gone, and what will become of the page. */
function lost() {
    const notice = document.createElement('div');
    notice.className = 'notice';
    notice.setAttribute('role', 'status');
    document.body.append(notice);
    // Into what is there already: only then is it read aloud.
    requestAnimationFrame(() => (notice.textContent = `${word('noServer')} ${word('comesBack')}`));
}

/** @param {string} text */
function show(text) {
    banner?.remove();
    banner = document.createElement('div');
    banner.className = 'build-error';
    banner.setAttribute('role', 'alert');
    const heading = document.createElement('strong');
    heading.textContent = word('buildError');
    const words = document.createElement('pre');
    words.textContent = text;
    words.tabIndex = 0;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'bar-button';
    button.textContent = word('dismiss');
    button.addEventListener('click', () => banner?.remove());
    banner.append(heading, words, button);
    document.body.append(banner);
}
