/**
 * Draws each `pre.mermaid` when it comes near the view, in the theme's colours,
 * and again when the theme changes. Mermaid itself is loaded by the first one.
 * The source stays in the page: it is what is shown until the drawing is there,
 * and when it fails.
 */
import { settings, widths } from '../core/diagram.js';
import { word } from '../page/words.js';

/**
 * The part of mermaid that is used here.
 *
 * @typedef {{
 *     initialize(config: object): void,
 *     render(id: string, source: string): Promise<{svg: string}>,
 * }} Mermaid
 */

const LIBRARY = '../vendor/mermaid/mermaid.js';
const TEXT_SIZE = 16;
const SMALLEST_TEXT = 12;

/** @type {Promise<Mermaid> | undefined} */
let library;
let count = 0;

/** Mermaid has one configuration for all drawings: one at a time. */
let queue = Promise.resolve();

class Diagram {
    /** @type {HTMLElement | undefined} */
    #figure;
    /** The colours that it was drawn in, or is about to be. */
    #drawn = '';
    isNear = false;

    /** @param {HTMLElement} pre */
    constructor(pre) {
        this.pre = pre;
        this.source = pre.textContent ?? '';
        this.id = `diagram-${++count}`;
    }

    /** What the view is watched for: the source, then the drawing. */
    get element() {
        return this.#figure ?? this.pre;
    }

    /** Draws if the drawing is not there yet, or not in today's colours. */
    update() {
        const colors = document.documentElement.className.includes(darkName()) ? 'dark' : 'light';
        if (this.#drawn !== colors) {
            this.#drawn = colors;
            queue = queue.then(() => this.#draw(colors));
        }
        return queue;
    }

    /** @param {string} colors */
    async #draw(colors) {
        try {
            library ??= idle().then(() => import(LIBRARY)).then(module => module.default);
            const mermaid = await library;
            mermaid.initialize(
                settings(themeColor, {
                    dark: colors === 'dark',
                    font: getComputedStyle(document.body).fontFamily,
                    textSize: TEXT_SIZE,
                }),
            );
            const { svg } = await mermaid.render(`${this.id}-svg`, this.source);
            this.#show(svg, colors);
        } catch (error) {
            console.error(error);
            this.#fail();
        }
    }

    /**
     * @param {string} svg
     * @param {string} colors
     */
    #show(svg, colors) {
        const figure = document.createElement('figure');
        figure.className = `diagram ${colors}`;
        figure.innerHTML = svg;
        const drawing = /** @type {SVGSVGElement} */ (figure.querySelector('svg'));

        const { natural, least } = widths({
            width: drawing.viewBox.baseVal.width,
            textSize: TEXT_SIZE,
            smallest: SMALLEST_TEXT,
        });
        drawing.removeAttribute('height');
        drawing.setAttribute('width', String(natural));
        drawing.style.cssText = `width: 100%; height: auto; max-width: ${natural}px; min-width: ${least}px`;

        // One picture with a name and a description, from the source's accTitle and accDescr.
        drawing.setAttribute('role', 'img');
        drawing.removeAttribute('aria-roledescription');
        const title = drawing.querySelector(':scope > title');
        if (!title) {
            console.error(new Error(`a diagram has no accTitle: ${this.source.slice(0, 60)}`));
        }

        const { element } = this;
        near.unobserve(element);
        element.replaceWith(figure);
        this.#figure = figure;
        near.observe(figure);
        new ResizeObserver(() => {
            figure.toggleAttribute('tabindex', false);
            if (figure.scrollWidth > figure.clientWidth + 1) {
                figure.tabIndex = 0;
            }
        }).observe(figure);
    }

    #fail() {
        if (!this.#figure && this.pre.previousElementSibling?.className !== 'drawing-failed') {
            const note = document.createElement('p');
            note.className = 'drawing-failed';
            note.textContent = word('drawingFailed');
            this.pre.before(note);
        }
    }
}

const diagrams = [...document.querySelectorAll('pre.mermaid')].map(pre => new Diagram(/** @type {HTMLElement} */ (pre)));

const near = new IntersectionObserver(
    entries => {
        for (const { target, isIntersecting } of entries) {
            const diagram = diagrams.find(({ element }) => element === target);
            if (diagram) {
                diagram.isNear = isIntersecting;
                if (isIntersecting) {
                    diagram.update();
                }
            }
        }
    },
    { rootMargin: '200px 0px' },
);
for (const diagram of diagrams) {
    near.observe(diagram.element);
}

new MutationObserver(() => {
    for (const diagram of diagrams.filter(each => each.isNear)) {
        diagram.update();
    }
}).observe(document.documentElement, { attributeFilter: ['class'] });

/** Draws all, wherever they stand: the page is about to be printed. */
export async function drawAll() {
    await Promise.all(diagrams.map(diagram => diagram.update()));
}

/** A megabyte of script waits until the page is there. */
async function idle() {
    if (document.readyState !== 'complete') {
        await new Promise(resolve => addEventListener('load', resolve, { once: true }));
    }
    if ('requestIdleCallback' in window) {
        await new Promise(resolve => requestIdleCallback(resolve, { timeout: 1000 }));
    }
}

function darkName() {
    return document.documentElement.dataset.dark ?? 'coal';
}

/**
 * The present value of one of our variables. They are light-dark() pairs, which
 * only a real property resolves.
 *
 * @param {string} name
 */
function themeColor(name) {
    const probe = document.createElement('span');
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const color = getComputedStyle(probe).color;
    probe.remove();
    return color;
}
