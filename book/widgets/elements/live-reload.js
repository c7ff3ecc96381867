/**
 * Reloads the page when the tutor has built the book anew, and shows why when it
 * could not. Only a page that the tutor served has `data-server`: anywhere else
 * this is not even loaded, and asks for nothing.
 */
import { delay, foldsAsNoted, parseMessage, socketAddress } from '../core/reload.js';
import { word } from '../page/words.js';

/** @type {HTMLElement | undefined} */
let banner;
let wasOpen = false;

const NOTED = `folds ${location.pathname}`;

restoreFolds();
connect(0);

/** Loads the page again; a reader's open folds, a quiz half done, stay open. */
function reload() {
    const open = [...document.querySelectorAll('details')].map(fold => fold.open);
    try {
        sessionStorage.setItem(NOTED, JSON.stringify(open));
    } catch {
        // A browser that keeps nothing closes the folds.
    }
    location.reload();
}

function restoreFolds() {
    const folds = [...document.querySelectorAll('details')];
    let noted = null;
    try {
        noted = sessionStorage.getItem(NOTED);
        sessionStorage.removeItem(NOTED);
    } catch {
        return;
    }
    foldsAsNoted(noted, folds.length).forEach((open, index) => {
        const fold = folds[index];
        if (fold) {
            fold.open = open;
        }
    });
}

/** @param {number} attempt how many have failed so far */
function connect(attempt) {
    const token = document.documentElement.dataset.server ?? '';
    const socket = new WebSocket(socketAddress(location.href, token));
    socket.addEventListener('open', () => {
        wasOpen = true;
    });
    socket.addEventListener('message', event => {
        const message = parseMessage(event.data);
        if (message?.type === 'reload') {
            reload();
        } else if (message?.type === 'build-error') {
            show(message.text);
        }
    });
    socket.addEventListener('close', () => {
        if (wasOpen) {
            reloadWhenBack(0);
        } else {
            setTimeout(connect, delay(attempt, Math.random()), attempt + 1);
        }
    });
    addEventListener(
        'pagehide',
        () => {
            // To close one that is not open yet is an error in the console.
            if (socket.readyState === WebSocket.OPEN) {
                socket.close();
            }
        },
        { once: true },
    );
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
