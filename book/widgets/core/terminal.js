/**
 * What the lines of a terminal are. The book writes a command after `$ `
 * (PowerShell: `PS> `), what was typed into a program after `< `, and a failed
 * program's status as `[exit status 1]`.
 *
 * @typedef {{kind: 'command' | 'typed' | 'status' | 'output', mark: string, text: string}} Line
 */

const COMMAND = /^(\$ |PS> )(.*)$/;
const TYPED = /^(< )(.*)$/;
const STATUS = /^\[exit status \d+\]$/;

/**
 * @param {string} text
 * @returns {Line[]}
 */
export function terminalLines(text) {
    let continued = false;
    return text.replace(/\n$/, '').split('\n').map(line => {
        const command = COMMAND.exec(line);
        if (command || continued) {
            continued = line.endsWith('\\');
            return { kind: 'command', mark: command?.[1] ?? '', text: command?.[2] ?? line };
        }
        const typed = TYPED.exec(line);
        if (typed) {
            return { kind: 'typed', mark: typed[1] ?? '', text: typed[2] ?? '' };
        }
        return { kind: STATUS.test(line) ? 'status' : 'output', mark: '', text: line };
    });
}

/**
 * What a reader wants in the clipboard: of a terminal the commands, without
 * prompt and output; where there is none, everything.
 *
 * @param {string} text
 * @param {boolean} isTerminal
 */
export function textToCopy(text, isTerminal) {
    const commands = isTerminal ? terminalLines(text).filter(line => line.kind === 'command') : [];
    return commands.length > 0 ? commands.map(line => line.text).join('\n') : text.replace(/\n$/, '');
}
