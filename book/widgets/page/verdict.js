/** A verdict as the page draws it, from the same words as the terminal's. */
import { compilerLines } from '../core/compiler.js';
import { button, make } from './make.js';
import { sequence } from './sequence.js';
import { word } from './words.js';

/** @typedef {import('../core/messages.js').Words} Words */

/**
 * @param {Words} words
 * @param {string} text the whole verdict as a terminal shows it
 * @param {(line: number, column: number) => void} goTo shows a place in the answer
 * @returns {Node[]}
 */
export function drawVerdict(words, text, goTo) {
    if (words.state === 'done' || words.state === 'not-started') {
        return [];
    }
    if (words.state === 'not-built') {
        return [compiler(words, goTo)];
    }
    /** @type {Node[]} */
    const parts = [make('p', 'seen', [words.seen])];
    if (words.waiting.length > 0) {
        parts.push(list(words.waiting));
    }
    if (words.exchange.length > 0) {
        parts.push(sequence(words.exchange));
    }
    if (words.printed.length > 0) {
        const [heading = '', ...lines] = words.printed;
        parts.push(make('p', '', [heading]), code('', heading, [lines.join('\n')]));
    }
    if (words.lesson) {
        parts.push(lesson(words.lesson));
    }
    parts.push(make('details', 'twin', [make('summary', '', [word('asText')]), code('', word('asText'), [text])]));
    return parts;
}

/** A box that scrolls. @param {string} name @param {string} label @param {(string | Node)[]} content */
function code(name, label, content) {
    return make('pre', name, [make('code', '', content, { tabindex: '0', role: 'group', 'aria-label': label })]);
}

/**
 * What the compiler says, its places as buttons.
 *
 * @param {Words} words
 * @param {(line: number, column: number) => void} goTo
 */
function compiler(words, goTo) {
    const pieces = compilerLines(words.seen).flatMap(said => {
        if (said.kind === 'place') {
            const place = button(`${said.file}:${said.line}:${said.column}`, () => goTo(said.line, said.column), 'place');
            place.title = word('goToLine').replace('{line}', String(said.line));
            return [said.before, place, '\n'];
        }
        return [said.kind === 'plain' ? said.text : make('span', said.kind, [said.text]), '\n'];
    });
    return code('compiler', words.headline, pieces);
}

/** @param {string[]} lines a sentence, and what belongs to it */
function list([heading = '', ...lines]) {
    const items = lines.map(line => make('li', '', [line]));
    return make('div', 'waiting', [make('p', '', [heading]), make('ul', '', items)]);
}

/** @param {import('../core/messages.js').Lesson} taught */
function lesson(taught) {
    const paragraph = make('p', 'lesson', [taught.text]);
    if (taught.misconception) {
        const { id, section, page } = taught.misconception;
        const root = document.documentElement.dataset.root ?? '';
        const href = `${root}${page.replace(/README\.md$/, 'index.html').replace(/\.md$/, '.html')}#m-${id}`;
        const link = make('a', '', [section], { href });
        paragraph.append(make('span', 'source', [link, ' · ', make('code', 'id', [id])]));
    }
    return paragraph;
}
