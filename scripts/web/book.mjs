import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * A built page, and what its HTML holds before any script ran.
 *
 * @typedef {{name: string, diagrams: number, has: Record<Shape, number>}} Page
 * @typedef {'diagram' | 'picture' | 'header' | 'chart' | 'quiz' | 'transcript' | 'slice' | 'exercise' | 'misconception'} Shape
 */

/** @type {Record<Shape, RegExp>} */
const SHAPES = {
    diagram: /<pre class="mermaid"/g,
    picture: /<figure class="picture[" ]/g,
    header: /<figure class="picture header[" ]/g,
    chart: /<figure class="picture chart[" ]/g,
    quiz: /<section class="quiz"/g,
    transcript: /<div class="transcript"/g,
    slice: /<figure class="slice"/g,
    exercise: /<section class="exercise"/g,
    misconception: /<aside class="misconception"/g,
};

/** What a chapter's pages must hold between them: a check that finds nothing to check must not pass. */
const REQUIRED = [
    {
        chapter: 'ch01-layers/',
        shapes: /** @type {Record<Shape, number>} */ ({ header: 5, picture: 4, quiz: 1, transcript: 2, slice: 3, exercise: 3, misconception: 18 }),
    },
    {
        chapter: 'ch02-addresses/',
        shapes: /** @type {Record<Shape, number>} */ ({ picture: 5, quiz: 1, transcript: 3, slice: 3, exercise: 5, misconception: 24 }),
    },
    {
        chapter: 'ch03-udp/',
        shapes: /** @type {Record<Shape, number>} */ ({ diagram: 1, quiz: 1, transcript: 1, slice: 4, exercise: 4, misconception: 4 }),
    },
    {
        chapter: 'ch04-tcp/',
        shapes: /** @type {Record<Shape, number>} */ ({ diagram: 2, picture: 2, chart: 4, quiz: 1, transcript: 3, slice: 5, exercise: 4, misconception: 15 }),
    },
    {
        chapter: 'ch05-connection/',
        shapes: /** @type {Record<Shape, number>} */ ({ picture: 6, quiz: 1, transcript: 3, slice: 3, exercise: 5, misconception: 14 }),
    },
    {
        chapter: 'ch06-stream/',
        shapes: /** @type {Record<Shape, number>} */ ({ picture: 5, quiz: 1, transcript: 3, slice: 5, exercise: 4, misconception: 12 }),
    },
    {
        chapter: 'ch07-compared/',
        shapes: /** @type {Record<Shape, number>} */ ({ picture: 6, chart: 3, quiz: 1, transcript: 3, slice: 5, exercise: 2, misconception: 7 }),
    },
];

/**
 * All pages in the order of the contents.
 *
 * @param {string} dir
 */
export function pages(dir) {
    const contents = readFileSync(path.join(dir, 'toc.html'), 'utf8');
    const names = [...contents.matchAll(/<a href="([^"#]+\.html)"/g)].map(match => match[1] ?? '');
    return [...new Set(['index.html', ...names])].map(name => page(dir, name));
}

/**
 * @param {string} dir
 * @param {string} name
 * @returns {Page}
 */
export function page(dir, name) {
    const html = readFileSync(path.join(dir, name), 'utf8');
    const has = /** @type {Record<Shape, number>} */ ({});
    for (const [shape, pattern] of Object.entries(SHAPES)) {
        has[/** @type {Shape} */ (shape)] = html.match(pattern)?.length ?? 0;
    }
    return { name, diagrams: has.diagram, has };
}

/**
 * What is missing, a sentence each.
 *
 * @param {Page[]} all
 */
export function missing(all) {
    return REQUIRED.flatMap(({ chapter, shapes }) => {
        const own = all.filter(({ name }) => name.startsWith(chapter));
        return Object.entries(shapes).flatMap(([shape, least]) => {
            const found = own.reduce((sum, { has }) => sum + has[/** @type {Shape} */ (shape)], 0);
            return found < least ? [`${chapter}: ${found} of at least ${least} ${shape}(s)`] : [];
        });
    });
}
