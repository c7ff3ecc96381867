/**
 * Search in the text of mdBook's index, without its word tables: those hold no
 * Chinese words (they split at spaces), and a book's text is scanned in a few
 * milliseconds anyway.
 *
 * @typedef {{id: string, title: string, body: string, breadcrumbs: string}} Doc
 * @typedef {{id: string, title: string, breadcrumbs: string, teaser: Piece[]}} Hit
 * @typedef {{text: string, hit: boolean}} Piece
 */

const HAN = /\p{Script=Han}/u;
const WORD = /[\p{Script=Han}]+|[\p{L}\p{N}_]+/gu;

/**
 * The words of a query, in lower case. A run of Han characters is one word.
 *
 * @param {string} query
 */
export function words(query) {
    return [...query.toLowerCase().matchAll(WORD)].map(match => match[0]);
}

/**
 * A pattern that finds a word at the start of words, so that `send` finds
 * `sending`, and without its ending, so that `sending` finds `send`.
 *
 * @param {string} word
 */
export function pattern(word) {
    if (HAN.test(word)) {
        return new RegExp(word, 'gu');
    }
    const stem = word.length > 4 ? word.replace(/(?:ing|ed|es|s)$/u, '') : word;
    return new RegExp(`(?<![\\p{L}\\p{N}])${stem}`, 'giu');
}

/**
 * Every document that holds all words, best first.
 *
 * @param {Doc[]} docs
 * @param {string} query
 * @param {number} limit
 * @returns {{count: number, hits: Hit[]}}
 */
export function search(docs, query, limit) {
    const patterns = words(query).map(pattern);
    if (patterns.length === 0) {
        return { count: 0, hits: [] };
    }
    /** @type {{doc: Doc, score: number}[]} */
    const found = [];
    for (const doc of docs) {
        let score = 0;
        for (const each of patterns) {
            const inTitle = count(doc.title, each);
            const inBody = count(doc.body, each);
            const above = count(doc.breadcrumbs, each);
            if (inTitle + inBody + above === 0) {
                score = 0;
                break;
            }
            // A word in the heading beats any number of them below it.
            score += (inTitle > 0 ? 20 : 0) + (above > 0 ? 4 : 0) + Math.min(inBody, 8);
        }
        if (score > 0) {
            found.push({ doc, score });
        }
    }
    found.sort((a, b) => b.score - a.score);
    return {
        count: found.length,
        hits: found.slice(0, limit).map(({ doc }) => ({
            id: doc.id,
            title: doc.title,
            breadcrumbs: doc.breadcrumbs,
            teaser: teaser(doc.body, patterns),
        })),
    };
}

/**
 * @param {string} text
 * @param {RegExp} each
 */
function count(text, each) {
    return text.match(each)?.length ?? 0;
}

/**
 * Some 160 characters around the first hit, cut into hits and what is between.
 *
 * @param {string} body
 * @param {RegExp[]} patterns
 * @returns {Piece[]}
 */
export function teaser(body, patterns) {
    const spans = patterns
        .flatMap(each => [...body.matchAll(each)].map(match => ({ from: match.index, to: match.index + match[0].length })))
        .sort((a, b) => a.from - b.from);
    const first = spans[0]?.from ?? 0;
    let from = Math.max(0, first - 50);
    if (from > 0) {
        const space = body.indexOf(' ', from);
        from = space >= 0 && space < first ? space + 1 : from;
    }
    let to = Math.min(body.length, from + 160);
    if (to < body.length) {
        const space = body.lastIndexOf(' ', to);
        to = space > first ? space : to;
    }
    /** @type {Piece[]} */
    const pieces = [];
    let at = from;
    for (const span of spans) {
        if (span.from < at || span.to > to) {
            continue;
        }
        pieces.push({ text: body.slice(at, span.from), hit: false }, { text: body.slice(span.from, span.to), hit: true });
        at = span.to;
    }
    pieces.push({ text: body.slice(at, to), hit: false });
    if (from > 0) {
        pieces.unshift({ text: '… ', hit: false });
    }
    if (to < body.length) {
        pieces.push({ text: ' …', hit: false });
    }
    return pieces.filter(piece => piece.text !== '');
}
