/**
 * The page's one connection to the book's server. Only a page that the server
 * gave out has `data-server`: nothing of this is loaded anywhere else.
 */
import { parseMessage } from '../core/messages.js';
import { delay, socketAddress } from '../core/reload.js';

/**
 * @typedef {import('../core/messages.js').Message} Message
 * @typedef {import('../core/messages.js').Request} Request
 */

/** @type {WebSocket | undefined} */
let socket;
/** @type {((message: Message) => void)[]} */
const hearers = [];
/** @type {((open: boolean) => void)[]} */
const watchers = [];
/** What was said before an element asked to hear it. */
/** @type {Map<string, Message>} */
const last = new Map();

/** What was asked before there was a connection. */
/** @type {string[]} */
const early = [];

let isOpen = false;
let wasOpen = false;

connect(0);

/**
 * Hears all that the server says from now on, and what it said of the place.
 *
 * @param {(message: Message) => void} hearer
 */
export function hear(hearer) {
    hearers.push(hearer);
    last.forEach(hearer);
}

/**
 * Is told when the connection is made, and when it is lost.
 *
 * @param {(open: boolean) => void} watcher
 */
export function watch(watcher) {
    watchers.push(watcher);
    watcher(isOpen);
}

/**
 * Asks the server for something; false when the connection is lost. Who asks
 * before there is one is heard as soon as there is.
 *
 * @param {Request} request
 */
export function ask(request) {
    const text = JSON.stringify(request);
    if (!wasOpen) {
        early.push(text);
        return true;
    }
    if (socket?.readyState !== WebSocket.OPEN) {
        return false;
    }
    socket.send(text);
    return true;
}

/** @param {number} attempt how many have failed so far */
function connect(attempt) {
    const token = document.documentElement.dataset.server ?? '';
    const made = new WebSocket(socketAddress(location.href, token));
    socket = made;
    made.addEventListener('open', () => {
        wasOpen = true;
        early.splice(0).forEach(text => made.send(text));
        tell(true);
    });
    made.addEventListener('message', event => {
        const message = parseMessage(event.data);
        if (message?.type === 'answers' || message?.type === 'place') {
            remember(message);
        }
        if (message) {
            hearers.forEach(hearer => hearer(message));
        }
    });
    made.addEventListener('close', () => {
        tell(false);
        // A restarted server has a new token, which only a new page knows:
        // whoever watches loads the page again once the server answers.
        if (!wasOpen) {
            setTimeout(connect, delay(attempt, Math.random()), attempt + 1);
        }
    });
    addEventListener(
        'pagehide',
        () => {
            // To close one that is not open yet is an error in the console.
            if (made.readyState === WebSocket.OPEN) {
                made.close();
            }
        },
        { once: true },
    );
}

/** @param {boolean} open */
function tell(open) {
    if (open !== isOpen) {
        isOpen = open;
        watchers.forEach(watcher => watcher(open));
    }
}

/**
 * Answers come one by one; whoever begins to hear later is told of all of them.
 *
 * @param {Message & {type: 'answers' | 'place'}} message
 */
function remember(message) {
    const before = last.get(message.type);
    if (message.type === 'answers' && before?.type === 'answers') {
        const changed = new Set(message.answers.map(({ exercise }) => exercise));
        const kept = before.answers.filter(({ exercise }) => !changed.has(exercise));
        last.set('answers', { type: 'answers', answers: [...kept, ...message.answers] });
    } else {
        last.set(message.type, message);
    }
}
