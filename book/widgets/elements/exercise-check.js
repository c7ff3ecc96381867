/**
 * An exercise that can be checked and edited in the page. Only with the server.
 */
import { drawVerdict } from '../page/verdict.js';
import { button, make } from '../page/make.js';
import { wordFor } from '../page/progress.js';
import { ask, hear } from '../page/server.js';
import { word } from '../page/words.js';

/** @typedef {import('../core/messages.js').Message} Message */
/** @typedef {import('../core/messages.js').Answer} Answer */

class Exercise {
    /** @type {import('./answer-editor.js').AnswerEditor | undefined} */
    editor;
    /** One whose last text is on its way to the file. */
    /** @type {import('./answer-editor.js').AnswerEditor | undefined} */
    closing;

    /** @param {HTMLElement} box */
    constructor(box) {
        this.box = box;
        this.name = box.dataset.exercise ?? '';
        this.file = box.querySelector('.exercise-file code')?.textContent ?? '';
        this.standing = make('span', 'standing', [], { role: 'status' });
        this.check = button(word('check'), () => this.#ask(), 'action run');
        this.edit = button(word('edit'), () => this.#edit());
        this.#mark();
        this.bar = make('div', 'run-bar', [this.check, this.edit, this.standing]);
        this.place = make('div', 'editor-place');
        this.verdict = make('div', 'verdict');
        const command = box.querySelector('.exercise-check');
        command?.before(this.bar, this.place, this.verdict);
        command?.replaceChildren(word('inTerminal'));
        this.#fileTools();
        oneHintAtATime(box);
    }

    #ask() {
        this.editor?.save();
        if (!ask({ type: 'check', exercise: this.name })) {
            this.standing.textContent = word('noServer');
        }
    }

    /** Opens the editor, or closes it. */
    async #edit() {
        if (this.editor) {
            this.closing = this.editor;
            this.editor = undefined;
            this.closing.close();
            this.#mark();
        } else {
            await this.open();
        }
    }

    /** The editor, which is open from now on; none where it did not load. */
    async open() {
        if (!this.editor) {
            try {
                const { AnswerEditor } = await import('./answer-editor.js');
                this.editor ??= new AnswerEditor(this.name, this.place, () => this.open());
                this.#mark();
            } catch {
                this.standing.textContent = word('noEditor');
            }
        }
        return this.editor;
    }

    #mark() {
        this.edit.textContent = word(this.editor ? 'closeEditor' : 'edit');
        this.edit.setAttribute('aria-expanded', String(this.editor !== undefined));
    }

    #fileTools() {
        const path = this.box.querySelector('.exercise-file');
        const copy = button(word('copyPath'), async () => {
            const copied = await navigator.clipboard?.writeText(this.file).then(() => true, () => false);
            copy.textContent = word(copied ? 'copied' : 'notCopied');
        });
        copy.addEventListener('blur', () => (copy.textContent = word('copyPath')));
        this.link = make('a', 'action', [word('openInEditor')]);
        this.link.hidden = true;
        path?.append(' ', copy, ' ', this.link);
    }

    /** @param {Message} message */
    hear(message) {
        if (message.type === 'place' && this.link) {
            const file = `${message.root}/${this.file}`.replaceAll('\\', '/');
            this.link.href = `vscode://file${file.startsWith('/') ? '' : '/'}${encodeURI(file)}`;
            this.link.hidden = false;
        } else if (message.type === 'answers') {
            const answer = message.answers.find(({ exercise }) => exercise === this.name);
            if (answer) {
                this.#show(answer);
            }
        } else if ('exercise' in message && message.exercise === this.name) {
            (this.editor ?? this.closing)?.hear(message);
        }
    }

    /** @param {Answer} answer */
    #show({ standing, words, text }) {
        this.box.dataset.standing = standing;
        // Who hears the page hears at once what was seen.
        const seen = standing === 'not-yet' && words?.state === 'not-yet' ? make('span', 'only-heard', [` ${words.seen}`]) : '';
        this.standing.replaceChildren(wordFor(standing), seen);
        this.check.setAttribute('aria-disabled', String(standing === 'checking'));
        if (standing !== 'checking') {
            const goTo = async (/** @type {number} */ line, /** @type {number} */ column) => (await this.open())?.goTo(line, column);
            this.verdict.replaceChildren(...(words ? drawVerdict(words, text ?? '', goTo) : []));
        }
        // Whoever saved it, the editor shows what is on the disk now.
        this.editor?.look();
    }
}

/**
 * The second hint waits for the first one, and the solution for all.
 *
 * @param {HTMLElement} box
 */
function oneHintAtATime(box) {
    const steps = /** @type {HTMLDetailsElement[]} */ ([...box.querySelectorAll('details.hint, details.solution')]);
    steps.forEach((step, index) => {
        const next = steps[index + 1];
        if (next) {
            next.hidden = !step.open;
            step.addEventListener('toggle', () => {
                next.hidden &&= !step.open;
            });
        }
    });
}

/** The editors that are open, for the time in which the page is loaded again. */
const OPEN = `editors ${location.pathname}`;

const exercises = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('section.exercise'))].map(box => new Exercise(box));
hear(message => exercises.forEach(exercise => exercise.hear(message)));
openAgain();
addEventListener('pagehide', () => {
    try {
        sessionStorage.setItem(OPEN, JSON.stringify(exercises.filter(({ editor }) => editor).map(({ name }) => name)));
    } catch {
        // A browser that keeps nothing closes the editors.
    }
});

function openAgain() {
    let names = [];
    try {
        names = JSON.parse(sessionStorage.getItem(OPEN) ?? '[]');
        sessionStorage.removeItem(OPEN);
    } catch {
        return;
    }
    if (Array.isArray(names)) {
        exercises.filter(({ name }) => names.includes(name)).forEach(exercise => exercise.open());
    }
}
