/**
 * How far the reader is, as the graders have found: kept here for the page, and
 * marked in its contents.
 */
import { make } from './make.js';
import { hear } from './server.js';
import { word } from './words.js';

/** @typedef {import('../core/messages.js').Standing} Standing */

/** @type {Map<string, Standing>} */
const standings = new Map();
/** @type {(() => void)[]} */
const watchers = [];

/** The word for each, from the template `#words`. */
/** @type {Record<Standing, string>} */
const WORDS = {
    'not-started': 'standingNotStarted',
    unknown: 'standingUnknown',
    checking: 'standingChecking',
    'not-yet': 'standingNotYet',
    done: 'standingDone',
};
/** @type {Record<Standing, string>} */
const SIGNS = { 'not-started': '○', unknown: '●', checking: '◌', 'not-yet': '✗', done: '✓' };

hear(message => {
    if (message.type === 'answers') {
        for (const { exercise, standing } of message.answers) {
            standings.set(exercise, standing);
        }
        mark();
        watchers.forEach(watcher => watcher());
    }
});

/**
 * Is told now, and whenever a standing has changed.
 *
 * @param {() => void} watcher
 */
export function onProgress(watcher) {
    watchers.push(watcher);
    watcher();
}

/** @param {string} exercise */
export function standingOf(exercise) {
    return standings.get(exercise);
}

/** @param {Standing} standing */
export function wordFor(standing) {
    return word(WORDS[standing]);
}

/**
 * How many of a chapter's exercises are done: `03`; without one, of the book's.
 *
 * @param {string} [chapter]
 */
export function count(chapter = '') {
    const own = [...standings].filter(([name]) => name.startsWith(`ex${chapter}`));
    const done = own.filter(([, standing]) => standing === 'done').length;
    return { done, all: own.length };
}

/**
 * A number of exercises, as a mark.
 *
 * @param {{done: number, all: number}} counted
 */
export function countMark({ done, all }) {
    const fill = (/** @type {string} */ text) => text.replace('{done}', String(done)).replace('{all}', String(all));
    const mark = make('span', 'progress', [fill(word('progress'))], { role: 'img', 'aria-label': fill(word('progressSpoken')) });
    mark.dataset.state = done === all ? 'done' : done > 0 ? 'begun' : 'none';
    return mark;
}

/**
 * A standing, as a sign that is read as a word.
 *
 * @param {Standing} standing
 */
export function standingMark(standing) {
    const mark = make('span', 'standing-mark', [SIGNS[standing]], { role: 'img', 'aria-label': wordFor(standing) });
    mark.dataset.state = standing;
    return mark;
}

/**
 * A chapter bears its count as soon as something in it is done, its page of
 * exercises always; an exercise in the list of the page's headings its standing.
 */
function mark() {
    const sidebar = document.getElementById('sidebar');
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (sidebar?.querySelectorAll('.chapter-link-wrapper > a') ?? [])) {
        const [, chapter, page] = /\/ch(\d\d)-[^/]*\/(index|exercises)\.html$/.exec(link.pathname) ?? [];
        const counted = chapter === undefined ? { done: 0, all: 0 } : count(chapter);
        link.querySelector('.progress')?.remove();
        if (counted.all > 0 && (page === 'exercises' || counted.done > 0)) {
            link.append(countMark(counted));
        }
    }
    for (const section of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('section.exercise'))) {
        const standing = standings.get(section.dataset.exercise ?? '');
        const link = sidebar?.querySelector(`.headings a[href="#${section.id}-title"]`);
        link?.querySelector('.standing-mark')?.remove();
        if (standing) {
            link?.prepend(standingMark(standing));
        }
    }
}
