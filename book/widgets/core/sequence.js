/**
 * An exchange as a picture: a vertical line for each party, time running down,
 * an arrow for whatever was sent. Here is where everything goes; what it is drawn
 * with is the page's own (page/sequence.js).
 *
 * @typedef {import('./messages.js').Row} Row
 * @typedef {'what' | 'bytes' | 'name' | 'note'} Face in which letters a text is written
 * @typedef {(text: string, face: Face) => number} Measure how wide a text is
 * @typedef {{text: string, face: Face}} Piece
 * @typedef {{x: number, y: number, pieces: Piece[]}} Label one line of text around its middle
 * @typedef {{x: number, name: string, lines: string[], you: boolean}} Lane
 * @typedef {{
 *     kind: 'data' | 'control' | 'lost', from: {x: number, y: number}, to: {x: number, y: number}, label: Label[],
 * }} Arrow
 * @typedef {{kind: 'note' | 'left-out', top: number, height: number, left: number, width: number, label: Label[]}} Remark
 * @typedef {{width: number, height: number, head: number, lanes: Lane[], arrows: Arrow[], remarks: Remark[]}} Drawing
 */

/** Between the lines of a text, in pixels. */
const LINE = 17;
/** How far an arrow falls: what is sent takes a while. */
const FALL = 13;
/** Around the name of a party. */
const PAD = 10;
/** The same beside the name, where a telephone has little room. */
const NAME_PAD = 5;
const GAP = 8;
/** What the frame of a box needs at the drawing's edges. */
const EDGE = 1;

/**
 * @param {Row[]} rows
 * @param {string} word what the reader's answer is called
 * @param {number} room how wide the drawing may be
 * @param {Measure} measure
 * @returns {Drawing}
 */
export function layOut(rows, word, room, measure) {
    const parties = partiesOf(rows, word);
    const most = parties.length > 0 ? (room - 2 * EDGE - GAP * (parties.length - 1)) / parties.length : room;
    const names = parties.map(({ name }) => wrap([{ text: name, face: 'name' }], most - 2 * NAME_PAD, measure));
    const half = names.map(lines => Math.min(most, boxWidth(lines.map(line => widthOf(line, measure)))) / 2);
    // The first box begins at the left edge, the last one ends at the right one.
    const first = half[0] ?? 0;
    const last = half.at(-1) ?? 0;
    const step = parties.length > 1 ? (room - 2 * EDGE - first - last) / (parties.length - 1) : 0;
    const lanes = parties.map((party, nth) => ({
        ...party,
        x: round(EDGE + first + nth * step),
        lines: (names[nth] ?? []).map(line => line.map(({ text }) => text).join(' ')),
    }));
    const head = Math.max(0, ...lanes.map(({ lines }) => lines.length)) * LINE + PAD;
    const where = new Map(lanes.map(({ name, x }) => [name, x]));

    /** @type {Arrow[]} */
    const arrows = [];
    /** @type {Remark[]} */
    const remarks = [];
    let y = head + GAP;
    for (const row of rows) {
        if (row.kind !== 'sent') {
            const lines = wrap([{ text: row.text, face: 'note' }], room - 2 * PAD - 2, measure);
            const width = Math.max(...lines.map(line => widthOf(line, measure))) + 2 * PAD;
            const height = lines.length * LINE + 6;
            const label = lines.map((pieces, nth) => ({ x: round(room / 2), y: y + (nth + 1) * LINE - 1, pieces }));
            remarks.push({ kind: row.kind, top: y, height, left: round((room - width) / 2), width: round(width), label });
            y += height + GAP;
            continue;
        }
        const from = where.get(row.from) ?? 0;
        const to = where.get(row.to) ?? 0;
        const span = Math.abs(to - from);
        const pieces = piecesOf(row);
        const lines = wrap(pieces, Math.max(span - 2 * PAD, Math.min(room, 260)), measure);
        const widest = Math.max(...lines.map(line => widthOf(line, measure))) / 2;
        const x = round(Math.min(Math.max((from + to) / 2, widest + 2), room - widest - 2));
        const label = lines.map((line, nth) => ({ x, y: y + (nth + 1) * LINE - 4, pieces: line }));
        y += lines.length * LINE + 2;
        arrows.push({
            kind: row.lost ? 'lost' : /\d/.test(row.what) ? 'data' : 'control',
            from: { x: from, y },
            // What is lost does not come there.
            to: row.lost ? { x: round(from + (to - from) * 0.6), y: round(y + FALL * 0.6) } : { x: to, y: y + FALL },
            label,
        });
        y += FALL + GAP;
    }
    return { width: room, height: y + GAP, head, lanes, arrows, remarks };
}

/**
 * Who takes part, from left to right. Who speaks first stands on the left: a
 * client, as everywhere in the book. All others stand on the other side of the
 * reader's answer, in the order in which they appear.
 *
 * @param {Row[]} rows
 * @param {string} word what the reader's answer is called, where it has sent nothing
 */
export function partiesOf(rows, word) {
    const sent = rows.flatMap(row => (row.kind === 'sent' ? [row] : []));
    const own = sent.find(({ yours }) => yours);
    const names = [...new Set(sent.flatMap(({ from, to }) => [from, to]))];
    const you = own?.from ?? names.find(name => name === word);
    if (you !== undefined && sent[0]?.from !== you) {
        names.splice(names.indexOf(you), 1);
        names.push(you);
    }
    return names.map(name => ({ name, you: name === you }));
}

/**
 * What was sent; then its bytes, and what is to be said of them.
 *
 * @param {Row & {kind: 'sent'}} row
 * @returns {Piece[]}
 */
function piecesOf({ what, shown }) {
    const parts = shown.split(/ {2,}/).map(part => part.trim()).filter(part => part !== '');
    return [{ text: what, face: 'what' }, ...parts.map(text => /** @type {Piece} */ ({ text, face: /^[0-9a-f]{2}( |$)/.test(text) ? 'bytes' : 'note' }))];
}

/**
 * A row in one sentence, for whoever does not see the picture.
 *
 * @param {Row} row
 */
export function sentence(row) {
    if (row.kind !== 'sent') {
        return row.text;
    }
    const said = [row.what, row.shown.replaceAll(/ {2,}/g, ' ').trim()].filter(part => part !== '');
    return `${row.from} → ${row.to}: ${said.join(' ')}`;
}

/**
 * Lines no wider than they may be; a piece that is too wide for a line breaks at
 * its spaces, and a word that is too wide anywhere.
 *
 * @param {Piece[]} pieces
 * @param {number} most
 * @param {Measure} measure
 * @returns {Piece[][]}
 */
export function wrap(pieces, most, measure) {
    /** @type {Piece[][]} */
    const lines = [[]];
    const fits = (/** @type {Piece[]} */ line) => widthOf(line, measure) <= most;
    for (const piece of pieces) {
        const line = lines.at(-1) ?? [];
        if (line.length === 0 ? fits([piece]) : fits([...line, piece])) {
            line.push(piece);
            continue;
        }
        /** @type {Piece} */
        let open = { text: '', face: piece.face };
        const next = () => {
            if (open.text !== '') {
                lines.push([open]);
                open = { text: '', face: piece.face };
            }
        };
        for (const word of piece.text.split(' ')) {
            const longer = { ...open, text: open.text === '' ? word : `${open.text} ${word}` };
            if (fits([longer])) {
                open = longer;
                continue;
            }
            next();
            for (const letter of word) {
                if (open.text !== '' && !fits([{ ...open, text: open.text + letter }])) {
                    next();
                }
                open = { ...open, text: open.text + letter };
            }
        }
        next();
    }
    return lines.filter(line => line.length > 0);
}

/** How wide the box of a name is. @param {number[]} lines how wide its lines are */
export function boxWidth(lines) {
    return Math.max(44, ...lines.map(line => line + 2 * NAME_PAD));
}

/** Between two pieces of a line, in pixels. */
export const BETWEEN = 10;

/** @param {Piece[]} line @param {Measure} measure */
export function widthOf(line, measure) {
    return line.reduce((sum, { text, face }) => sum + measure(text, face), Math.max(0, line.length - 1) * BETWEEN);
}

/** @param {number} value */
function round(value) {
    return Math.round(value * 10) / 10;
}
