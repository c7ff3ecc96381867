/**
 * What the lines of the compiler's words are.
 *
 * @typedef {{kind: 'error' | 'warning' | 'help' | 'mark' | 'cargo-note' | 'plain', text: string}
 *     | {kind: 'place', before: string, file: string, line: number, column: number}} Said
 */

const HEADING = /^(error|warning|help|note)(\[E\d{4}\])?: /;
const PLACE = /^(\s*(?:-->|:::) )(\S+):(\d+):(\d+)$/;
/** Below a line of code: what of it is meant. */
const MARK = /^\s*\|.*?[\^~-]{1,}/;
/** What cargo says of its own work. */
const CARGO = /^ +(Blocking|Checking|Compiling|Downloaded|Downloading|Finished|Locking|Updating) /;
/** The same as advice: `= note: …`, `= help: …`. */
const ADVICE = /^\s*= (note|help): /;

/**
 * @param {string} text
 * @returns {Said[]}
 */
export function compilerLines(text) {
    return text.replace(/\n+$/, '').split('\n').map(line => {
        const place = PLACE.exec(line);
        if (place) {
            const [, before = '', file = '', row, column] = place;
            return { kind: 'place', before, file, line: Number(row), column: Number(column) };
        }
        const heading = HEADING.exec(line)?.[1];
        if (heading === 'error' || heading === 'warning') {
            return { kind: heading, text: line };
        }
        if (heading || ADVICE.test(line)) {
            return { kind: 'help', text: line };
        }
        if (CARGO.test(line)) {
            return { kind: 'cargo-note', text: line };
        }
        return { kind: MARK.test(line) ? 'mark' : 'plain', text: line };
    });
}
