/**
 * An exchange drawn as it is laid out (core/sequence.js): SVG in the theme's
 * colours, with its text for whoever does not see it.
 */
import { BETWEEN, boxWidth, layOut, sentence, widthOf } from '../core/sequence.js';
import { make } from './make.js';
import { word } from './words.js';

/** @typedef {import('../core/sequence.js').Row} Row */
/** @typedef {import('../core/sequence.js').Label} Label */

const SVG = 'http://www.w3.org/2000/svg';
/** Wider than this the lines of a story are too far apart. */
const WIDEST = 680;

let drawings = 0;

/**
 * A figure that is drawn anew when its width changes.
 *
 * @param {Row[]} rows
 */
export function sequence(rows) {
    const id = `exchange-${(drawings += 1)}`;
    const figure = make('figure', 'sequence');
    let drawn = 0;
    const look = new ResizeObserver(([entry]) => {
        const room = Math.min(WIDEST, Math.floor(entry?.contentRect.width ?? 0));
        if (room > 0 && room !== drawn) {
            drawn = room;
            figure.replaceChildren(draw(rows, room, id));
        }
    });
    look.observe(figure);
    return figure;
}

/** @param {Row[]} rows @param {number} room @param {string} id */
function draw(rows, room, id) {
    const measure = ruler();
    const { width, height, head, lanes, arrows, remarks } = layOut(rows, word('you'), room, measure);
    const svg = shape('svg', { role: 'img', width, height, viewBox: `0 0 ${width} ${height}`, 'aria-labelledby': `${id}-title`, 'aria-describedby': `${id}-desc` });
    svg.append(
        shape('title', { id: `${id}-title` }, word('exchange').replace('{parties}', lanes.map(({ name }) => name).join(', '))),
        shape('desc', { id: `${id}-desc` }, rows.map(row => `${sentence(row)}.`).join(' ')),
    );
    for (const { x, lines, you } of lanes) {
        const wide = boxWidth(lines.map(line => measure(line, 'name')));
        const lane = shape('g', { class: you ? 'lane you' : 'lane' });
        lane.append(shape('line', { x1: x, x2: x, y1: head, y2: height }), shape('rect', { x: x - wide / 2, y: 0.75, width: wide, height: head - 1.5, rx: 5 }));
        lines.forEach((line, nth) => lane.append(shape('text', { x, y: 17 + nth * 17, class: 'name' }, line)));
        svg.append(lane);
    }
    for (const { kind, top, height: tall, left, width: wide, label } of remarks) {
        const remark = shape('g', { class: kind });
        remark.append(shape('rect', { x: left, y: top, width: wide, height: tall, rx: 5 }), ...text(label, measure));
        svg.append(remark);
    }
    for (const { kind, from, to, label } of arrows) {
        const arrow = shape('g', { class: `arrow ${kind}` });
        arrow.append(shape('line', { x1: from.x, y1: from.y, x2: to.x, y2: to.y }), kind === 'lost' ? cross(to) : point(from, to), ...text(label, measure));
        svg.append(arrow);
    }
    return svg;
}

/** @param {Label[]} label @param {import('../core/sequence.js').Measure} measure */
function text(label, measure) {
    return label.map(({ x, y, pieces }) => {
        const line = shape('text', { y });
        let at = x - widthOf(pieces, measure) / 2;
        for (const piece of pieces) {
            line.append(shape('tspan', { x: Math.round(at * 10) / 10, class: piece.face }, piece.text), ' ');
            at += measure(piece.text, piece.face) + BETWEEN;
        }
        return line;
    });
}

/**
 * The head of an arrow.
 *
 * @param {{x: number, y: number}} from
 * @param {{x: number, y: number}} to
 */
function point(from, to) {
    const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
    return shape('path', { class: 'point', d: 'M0 0 -10 -4.500V4.500z', transform: `translate(${to.x} ${to.y}) rotate(${angle.toFixed(2)})` });
}

/** @param {{x: number, y: number}} at */
function cross({ x, y }) {
    return shape('path', { class: 'cross', d: `M${x - 5} ${y - 5}l10 10m0 -10l-10 10` });
}

/**
 * How wide a text will be, in the letters that live.css gives it.
 *
 * @returns {import('../core/sequence.js').Measure}
 */
function ruler() {
    const context = document.createElement('canvas').getContext('2d');
    const style = getComputedStyle(document.documentElement);
    const [sans, mono] = [style.getPropertyValue('--sans'), style.getPropertyValue('--mono')];
    const fonts = { what: `650 13px ${sans}`, name: `650 13px ${sans}`, note: `13px ${sans}`, bytes: `12px ${mono}` };
    return (words, face) => {
        if (!context) {
            return words.length * 8;
        }
        context.font = fonts[face];
        return context.measureText(words).width;
    };
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {string} [content]
 */
function shape(name, attributes, content = '') {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) {
        element.setAttribute(key, String(value));
    }
    element.append(content);
    return element;
}
