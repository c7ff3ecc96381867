/**
 * A transcript that can be run: the same labs, as real processes of the reader's
 * own machine, in place of what was recorded. Only with the server.
 */
import { button, make } from '../page/make.js';
import { ask, hear, watch } from '../page/server.js';
import { word } from '../page/words.js';

/** @typedef {import('../core/messages.js').Message} Message */

/** @type {LabRun[]} */
const runs = [];

/** One terminal of a run. */
class Terminal {
    /** The last thing in the output, to which more of its kind is added. */
    /** @type {HTMLElement | undefined} */
    #piece;

    /**
     * @param {import('../core/messages.js').Terminal} terminal
     * @param {(text: string) => void} type
     * @param {() => void} endInput
     * @param {(typed: boolean) => void} again
     */
    constructor(terminal, type, endInput, again) {
        this.address = make('span', 'address');
        this.code = make('code', '');
        this.output = make('pre', '', [this.code], { tabindex: '0', 'aria-label': terminal.title, role: 'log' });
        this.status = make('span', 'status', [], { role: 'status' });

        this.input = make('input', '', [], { type: 'text', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', maxlength: '1000' });
        this.input.setAttribute('aria-label', word('typeHere').replace('{title}', terminal.title));
        const send = make('button', 'action', [word('send')], { type: 'submit' });
        this.typing = make('form', 'typing', [this.input, send, button(word('endInput'), () => this.#endInput(endInput))]);
        this.typing.hidden = true;
        this.typing.addEventListener('submit', event => {
            event.preventDefault();
            // As in the book: what was typed stands after a mark.
            this.#add('typed-mark', '< ');
            this.#add('typed', `${this.input.value}\n`);
            type(this.input.value);
            this.input.value = '';
        });

        this.after = make('div', 'after', [button(word('again'), () => again(false))]);
        if (terminal.typeable) {
            this.after.append(
                button(word('typeTo'), () => {
                    again(true);
                    this.wantsFocus = true;
                }),
            );
        }
        this.after.hidden = true;
        this.wantsFocus = false;

        this.figure = make('figure', 'terminal live', [
            make('figcaption', '', [make('span', '', [terminal.title]), this.address, this.status]),
            this.output,
            this.typing,
            this.after,
        ]);
    }

    /** @param {() => void} endInput */
    #endInput(endInput) {
        endInput();
        this.#leave();
        this.typing.hidden = true;
    }

    /** @param {string} command @param {string} given whole lines @param {boolean} typed */
    started(command, given, typed) {
        if (this.code.textContent) {
            this.#add('output', '\n');
        }
        this.#piece = undefined;
        this.code.append(make('span', 'prompt', ['$ ']), make('span', 'command', [command]), '\n');
        for (const line of given.split('\n').slice(0, -1)) {
            this.#add('typed-mark', '< ');
            this.#add('typed', `${line}\n`);
        }
        this.typing.hidden = !typed;
        this.after.hidden = true;
        this.status.textContent = word('running');
        this.figure.dataset.state = 'running';
        if (typed && this.wantsFocus) {
            this.input.focus();
        }
        this.wantsFocus = false;
    }

    /** @param {string} address */
    listens(address) {
        this.address.textContent = address;
    }

    /** @param {string} text @param {boolean} error */
    says(text, error) {
        this.#add(error ? 'error' : 'output', text);
    }

    /** @param {string} text */
    complains(text) {
        this.status.textContent = text;
    }

    /** @param {string} text @param {boolean} good @param {boolean} over no more can be started */
    ended(text, good, over) {
        this.#leave();
        this.typing.hidden = true;
        this.after.hidden = over;
        this.status.textContent = text;
        this.figure.dataset.state = good ? 'good' : 'bad';
    }

    /** Who was typing is not thrown out of the terminal. */
    #leave() {
        if (this.typing.contains(document.activeElement)) {
            this.output.focus();
        }
    }

    get isRunning() {
        return this.figure.dataset.state === 'running';
    }

    /** @param {string} kind @param {string} text */
    #add(kind, text) {
        const { output } = this;
        const atEnd = output.scrollHeight - output.scrollTop - output.clientHeight < 8;
        if (this.#piece?.className !== kind) {
            this.#piece = make('span', kind);
            this.code.append(this.#piece);
        }
        this.#piece.append(text);
        if (atEnd) {
            output.scrollTop = output.scrollHeight;
        }
    }
}

/** A transcript, and its run. */
class LabRun {
    number = 0;
    /** @type {Terminal[]} */
    terminals = [];
    isGoing = false;

    /** @param {HTMLElement} recorded */
    constructor(recorded) {
        this.recorded = recorded;
        this.name = recorded.dataset.transcript ?? '';
        this.start = button(word('run'), () => (this.isGoing ? this.stop() : this.run()), 'action run');
        this.back = button(word('showRecorded'), () => this.showRecorded());
        this.back.hidden = true;
        this.status = make('span', 'status', [], { role: 'status' });
        this.bar = make('div', 'run-bar', [this.start, this.back, this.status]);
        this.live = make('div', 'transcript');
        this.live.hidden = true;
        this.cargo = make('pre', 'cargo', [], { tabindex: '0', 'aria-label': word('building') });
        this.cargo.hidden = true;
        recorded.before(this.bar, this.cargo, this.live);
    }

    run() {
        // Every run of a page has a number of its own.
        this.number = numbers += 1;
        this.terminals = [];
        this.live.replaceChildren();
        this.cargo.replaceChildren();
        this.cargo.hidden = true;
        this.status.textContent = '';
        if (ask({ type: 'run', run: this.number, name: this.name })) {
            this.going(true);
        } else {
            this.status.textContent = word('noServer');
        }
    }

    stop() {
        ask({ type: 'stop', run: this.number });
    }

    /** @param {boolean} isGoing */
    going(isGoing) {
        this.isGoing = isGoing;
        this.start.textContent = word(isGoing ? 'stop' : 'run');
        this.back.hidden = isGoing || this.terminals.length === 0;
        if (!isGoing && !runs.some(run => run.isGoing)) {
            dispatchEvent(new Event('book-reload-now'));
        }
    }

    showRecorded() {
        this.live.hidden = true;
        this.recorded.hidden = false;
        this.back.hidden = true;
        this.status.textContent = '';
        this.start.focus();
    }

    /** @param {Message} message */
    hear(message) {
        if (!('run' in message) || message.run !== this.number) {
            return;
        }
        const terminal = 'terminal' in message ? this.terminals[message.terminal] : undefined;
        switch (message.type) {
            case 'terminals':
                this.open(message.terminals);
                break;
            case 'building':
                this.cargo.hidden = false;
                this.cargo.append(`${message.text}\n`);
                this.cargo.scrollTop = this.cargo.scrollHeight;
                break;
            case 'started':
                this.cargo.hidden = true;
                terminal?.started(message.command, message.given, message.typed);
                break;
            case 'listens':
                terminal?.listens(message.address);
                break;
            case 'output':
                terminal?.says(message.text, message.error);
                break;
            case 'untyped':
                terminal?.complains(message.text);
                break;
            case 'ended':
                terminal?.ended(message.text, message.good, !this.isGoing);
                break;
            case 'over':
                this.over(message.text);
                break;
        }
    }

    /** @param {import('../core/messages.js').Terminal[]} terminals */
    open(terminals) {
        const run = this.number;
        this.terminals = terminals.map(
            (shown, terminal) =>
                new Terminal(
                    shown,
                    text => ask({ type: 'type', run, terminal, text }),
                    () => ask({ type: 'end-input', run, terminal }),
                    typed => ask({ type: 'again', run, terminal, typed }),
                ),
        );
        this.live.replaceChildren(...this.terminals.map(({ figure }) => figure));
        this.live.hidden = false;
        this.recorded.hidden = true;
    }

    /** @param {string | null} why */
    over(why) {
        for (const terminal of this.terminals) {
            if (terminal.isRunning) {
                terminal.ended(word('stopped'), true, true);
            }
            terminal.after.hidden = true;
        }
        this.status.textContent = why ?? '';
        this.going(false);
    }
}

let numbers = 0;

for (const recorded of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.transcript[data-run]'))) {
    runs.push(new LabRun(recorded));
}
hear(message => runs.forEach(run => run.hear(message)));
watch(isOpen => {
    for (const run of runs) {
        if (!isOpen && run.isGoing) {
            run.over(word('noServer'));
        }
    }
});
// A book that was built anew waits until no lab runs any more.
addEventListener('book-reload', event => {
    if (runs.some(run => run.isGoing)) {
        event.preventDefault();
    }
});
