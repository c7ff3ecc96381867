/**
 * What the book's server and a page say to each other.
 *
 * @typedef {{title: string, typeable: boolean}} Terminal
 * @typedef {'not-started' | 'unknown' | 'checking' | 'not-yet' | 'done'} Standing
 * @typedef {{kind: 'sent', from: string, to: string, yours: boolean, what: string, shown: string, lost: boolean}
 *     | {kind: 'note' | 'left-out', text: string}} Row
 * @typedef {{text: string, misconception: {id: string, section: string, page: string} | null, hint: string, repeat: string}} Lesson
 * @typedef {{
 *     state: string, headline: string, seen: string, waiting: string[], exchange: Row[], printed: string[],
 *     lesson: Lesson | null,
 * }} Words
 * @typedef {{exercise: string, standing: Standing, words: Words | null, text: string | null}} Answer
 *
 * @typedef {{type: 'reload'}
 *     | {type: 'build-error', text: string}
 *     | {type: 'place', root: string}
 *     | {type: 'terminals', run: number, terminals: Terminal[]}
 *     | {type: 'building', run: number, text: string}
 *     | {type: 'started', run: number, terminal: number, command: string, given: string, typed: boolean}
 *     | {type: 'listens', run: number, terminal: number, address: string}
 *     | {type: 'output', run: number, terminal: number, error: boolean, text: string}
 *     | {type: 'untyped', run: number, terminal: number, text: string}
 *     | {type: 'ended', run: number, terminal: number, text: string, good: boolean}
 *     | {type: 'over', run: number, text: string | null}
 *     | {type: 'answers', answers: Answer[]}
 *     | {type: 'text' | 'conflict', exercise: string, text: string, stamp: string}
 *     | {type: 'saved', exercise: string, stamp: string}
 *     | {type: 'trouble', exercise: string, text: string}
 * } Message
 *
 * @typedef {{type: 'run', run: number, name: string}
 *     | {type: 'type', run: number, terminal: number, text: string}
 *     | {type: 'end-input', run: number, terminal: number}
 *     | {type: 'again', run: number, terminal: number, typed: boolean}
 *     | {type: 'stop', run: number}
 *     | {type: 'check' | 'open', exercise: string}
 *     | {type: 'save', exercise: string, text: string, stamp: string}
 * } Request
 */

/**
 * What each kind of message holds. The server and its pages are always of one
 * version, or the page is loaded again: a list of the names is enough.
 *
 * @type {Record<string, Record<string, string>>}
 */
const KINDS = {
    reload: {},
    'build-error': { text: 'string' },
    place: { root: 'string' },
    terminals: { run: 'number', terminals: 'object' },
    building: { run: 'number', text: 'string' },
    started: { run: 'number', terminal: 'number', command: 'string', given: 'string', typed: 'boolean' },
    listens: { run: 'number', terminal: 'number', address: 'string' },
    output: { run: 'number', terminal: 'number', error: 'boolean', text: 'string' },
    untyped: { run: 'number', terminal: 'number', text: 'string' },
    ended: { run: 'number', terminal: 'number', text: 'string', good: 'boolean' },
    over: { run: 'number' },
    answers: { answers: 'object' },
    text: { exercise: 'string', text: 'string', stamp: 'string' },
    conflict: { exercise: 'string', text: 'string', stamp: 'string' },
    saved: { exercise: 'string', stamp: 'string' },
    trouble: { exercise: 'string', text: 'string' },
};

/**
 * A message, or null for whatever this version does not know.
 *
 * @param {unknown} data
 * @returns {Message | null}
 */
export function parseMessage(data) {
    if (typeof data !== 'string') {
        return null;
    }
    let value;
    try {
        value = JSON.parse(data);
    } catch {
        return null;
    }
    const parts = Object.hasOwn(KINDS, value?.type ?? '') ? KINDS[value.type] : undefined;
    const fits = parts && Object.entries(parts).every(([name, kind]) => typeof value[name] === kind && value[name] !== null);
    return fits ? value : null;
}
