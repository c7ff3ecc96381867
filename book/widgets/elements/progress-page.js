/**
 * The page that says how far the reader is and what comes next. Only with the
 * server; without it the page's own text says how to get this.
 */
import { button, make } from '../page/make.js';
import { count, countMark, onProgress, standingMark, standingOf, wordFor } from '../page/progress.js';
import { ask } from '../page/server.js';
import { word } from '../page/words.js';

/**
 * @typedef {{name: string, title: string, href: string}} Exercise
 * @typedef {{number: string, title: string, exercises: Exercise[]}} Chapter
 */

/**
 * The exercises of the whole book stand in its pages, which are read once.
 *
 * @returns {Promise<Chapter[]>}
 */
async function readChapters() {
    const links = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll('#sidebar .chapter-link-wrapper > a')]);
    const chapters = links.map(async link => {
        const number = /\/ch(\d\d)-[^/]*\/exercises\.html$/.exec(link.pathname)?.[1];
        if (number === undefined) {
            return [];
        }
        const folder = link.href.replace(/exercises\.html$/, '');
        const first = links.find(({ href }) => href === `${folder}index.html`);
        const page = await fetch(link.href).then(response => response.text());
        const sections = /** @type {NodeListOf<HTMLElement>} */ (new DOMParser().parseFromString(page, 'text/html').querySelectorAll('section.exercise'));
        const exercises = [...sections].map(section => ({
            name: section.dataset.exercise ?? '',
            title: section.querySelector('h1, h2, h3, h4, h5, h6')?.textContent?.trim() ?? '',
            href: `${link.href}#${section.id}`,
        }));
        return [{ number, title: titleOf(first ?? link), exercises }];
    });
    return (await Promise.all(chapters)).flat();
}

/** What a link of the contents says, without its marks. @param {HTMLElement} link */
function titleOf(link) {
    const copy = /** @type {HTMLElement} */ (link.cloneNode(true));
    copy.querySelector('.progress')?.remove();
    return copy.textContent?.trim().replaceAll(/\s+/g, ' ') ?? '';
}

/** @param {HTMLElement} place @param {Chapter[]} chapters */
function show(place, chapters) {
    const all = chapters.flatMap(({ exercises }) => exercises);
    const unchecked = all.filter(({ name }) => standingOf(name) === 'unknown');
    const next = all.find(({ name }) => standingOf(name) !== 'done');
    const counted = count();
    const fill = (/** @type {string} */ text) => text.replace('{done}', String(counted.done)).replace('{all}', String(counted.all));

    const bar = make('progress', 'progress-bar', [], { max: String(counted.all), value: String(counted.done), 'aria-label': fill(word('progressSpoken')) });
    const top = make('div', 'progress-top', [make('p', '', [fill(word('progressSpoken'))]), bar]);
    if (next) {
        const standing = standingOf(next.name) ?? 'not-started';
        const link = make('a', 'next-link', [next.title], { href: next.href });
        top.append(make('p', 'next', [make('span', 'label', [word('nextExercise')]), ' ', link, ' ', make('span', 'soft', [`(${wordFor(standing)})`])]));
    } else {
        top.append(make('p', 'next', [word('allDone')]));
    }
    if (unchecked.length > 0) {
        const check = button(word('checkChanged').replace('{n}', String(unchecked.length)), () => unchecked.forEach(({ name }) => ask({ type: 'check', exercise: name })), 'action run');
        top.append(check);
    }

    const lists = chapters.map(({ number, title, exercises }) => {
        const items = exercises.map(({ name, title, href }) => {
            const standing = standingOf(name) ?? 'not-started';
            const item = make('li', '', [
                standingMark(standing),
                make('span', '', [make('a', '', [title], { href }), ' ', make('span', 'soft', [wordFor(standing)], { 'aria-hidden': 'true' })]),
            ]);
            item.dataset.exercise = name;
            item.dataset.standing = standing;
            return item;
        });
        return make('section', 'progress-chapter', [make('h2', '', [title, ' ', countMark(count(number))]), make('ul', '', items)]);
    });

    // Who stands on a link or a button stays there.
    const focused = place.contains(document.activeElement) ? document.activeElement : null;
    const same = (/** @type {Element} */ element) => element.tagName === focused?.tagName && element.getAttribute('href') === focused.getAttribute('href') && element.className === focused.className;
    place.replaceChildren(top, ...lists);
    if (focused) {
        /** @type {HTMLElement | undefined} */ ([...place.querySelectorAll('a, button')].find(same))?.focus();
    }
}

const fallback = document.querySelector('.progress-fallback');
if (fallback instanceof HTMLElement) {
    const place = make('div', 'progress-page');
    const chapters = await readChapters();
    fallback.before(place);
    onProgress(() => {
        if (count().all > 0) {
            show(place, chapters);
            fallback.hidden = true;
        }
    });
}
