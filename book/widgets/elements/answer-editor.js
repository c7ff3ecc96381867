/**
 * An answer's file, edited in the page. The file on the disk is the truth: what
 * is typed goes there a moment later, and what another editor has written there
 * meanwhile is never written over without asking.
 */
import { button, make } from '../page/make.js';
import { ask } from '../page/server.js';
import { word } from '../page/words.js';

/**
 * The part of CodeMirror that is used here, whose own types are not vendored.
 *
 * @typedef {{
 *     state: {doc: {length: number, lines: number, line(number: number): {from: number, to: number}, toString(): string}},
 *     scrollDOM: HTMLElement, lineBlockAt(at: number): {top: number},
 *     dispatch(change: object): void, focus(): void, destroy(): void,
 * }} View
 * @typedef {{docChanged: boolean, transactions: {isUserEvent(name: string): boolean}[]}} Update
 */
const LIBRARY = '../vendor/codemirror/codemirror.js';
const {
    bracketMatching,
    defaultKeymap,
    drawSelection,
    EditorState,
    EditorView,
    highlightActiveLine,
    HighlightStyle,
    history,
    historyKeymap,
    indentOnInput,
    indentUnit,
    indentWithTab,
    keymap,
    lineNumbers,
    rust,
    syntaxHighlighting,
    tags,
} = await import(LIBRARY);

/** @typedef {import('../core/messages.js').Message} Message */

/** What a reader does, and a program's change is not. */
const TYPED = ['input', 'delete', 'undo', 'redo', 'move'];

/** How long nothing must be typed before the file is written, in milliseconds. */
const PAUSE = 800;

const look = EditorView.theme({
    '&': { maxHeight: '34rem', fontSize: '0.875rem', backgroundColor: 'var(--code-bg)', color: 'var(--fg)' },
    '.cm-scroller': { overflow: 'auto' },
    '&.cm-focused': { outline: 'none' }, // the frame around it shows the focus
    '.cm-content, .cm-gutters': { fontFamily: 'var(--mono)' },
    '.cm-content': { caretColor: 'var(--fg-strong)' },
    '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--fg-soft)', border: 'none' },
    '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--bg-hover)' },
    '.cm-cursor': { borderLeftColor: 'var(--fg-strong)' },
    '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--selection)' },
    '.cm-matchingBracket': { outline: '1px solid var(--line-strong)' },
});

const colours = HighlightStyle.define([
    { tag: [tags.keyword, tags.modifier, tags.controlKeyword], class: 'hljs-keyword' },
    { tag: [tags.string, tags.character], class: 'hljs-string' },
    { tag: [tags.number, tags.bool], class: 'hljs-number' },
    { tag: tags.comment, class: 'hljs-comment' },
    { tag: [tags.typeName, tags.className], class: 'hljs-type' },
    { tag: [tags.macroName], class: 'hljs-built_in' },
    { tag: tags.function(tags.definition(tags.variableName)), class: 'hljs-title' },
]);

export class AnswerEditor {
    /** The text that the file is known to hold, and its stamp. */
    #base = '';
    #stamp = '';
    /** Whether a text was sent to be saved and is not confirmed yet, and which. */
    #sent = false;
    #saving = '';
    /** @type {View | undefined} */
    #view;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #timer;
    #isDirty = false;
    #isClosed = false;
    /** Where to go when the text is there: line and column, from 1. */
    /** @type {[number, number] | undefined} */
    #goal;

    /**
     * @param {string} exercise
     * @param {HTMLElement} place
     * @param {() => void} reopen what to do when the last text could not be saved
     */
    constructor(exercise, place, reopen) {
        this.exercise = exercise;
        this.reopen = reopen;
        this.draft = draftOf(exercise);
        this.status = make('p', 'editor-status', [], { role: 'status' });
        this.area = make('div', 'editor');
        this.question = make('div', 'editor-question', [], { role: 'alert' });
        this.question.hidden = true;
        place.replaceChildren(this.area, this.question, this.status);
        this.place = place;
        this.keep = () => this.#keepDraft();
        addEventListener('book-reload', this.keep);
        addEventListener('pagehide', this.keep);
        ask({ type: 'open', exercise });
    }

    /** @param {Message} message */
    hear(message) {
        if (this.#isClosed) {
            this.#end(message);
            return;
        }
        switch (message.type) {
            case 'text':
                this.#opened(message.text, message.stamp);
                break;
            case 'saved':
                this.#saved(message.stamp);
                break;
            case 'conflict':
                this.#sent = false;
                this.#conflict(message.text, message.stamp);
                break;
            case 'trouble':
                this.#sent = false;
                this.#say(message.text);
                break;
        }
    }

    /** Something was found about the answer: perhaps the file has changed. */
    look() {
        if (!this.#sent && !this.#timer) {
            ask({ type: 'open', exercise: this.exercise });
        }
    }

    /** Writes what was typed now. */
    save() {
        clearTimeout(this.#timer);
        this.#timer = undefined;
        if (this.#view && this.#isDirty && !this.#sent && this.question.hidden) {
            const text = this.#text;
            this.#saving = text;
            this.#sent = ask({ type: 'save', exercise: this.exercise, text, stamp: this.#stamp });
            this.#isDirty = !this.#sent;
            this.#say(word(this.#sent ? 'saving' : 'notSavedYet'));
        }
    }

    /** Goes to a place in the text, as soon as it is there. @param {number} line @param {number} column */
    goTo(line, column) {
        const view = this.#view;
        if (!view) {
            this.#goal = [line, column];
            return;
        }
        const { from, to } = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
        view.dispatch({ selection: { anchor: Math.min(from + column - 1, to) }, scrollIntoView: true });
        view.focus();
    }

    /** What is typed and not saved yet is saved; until that is confirmed, it is kept. */
    close() {
        this.save();
        this.#keepDraft();
        this.#isClosed = true;
        removeEventListener('book-reload', this.keep);
        removeEventListener('pagehide', this.keep);
        clearTimeout(this.#timer);
        this.#view?.destroy();
        this.place.replaceChildren();
    }

    /** What the server says of the last text. @param {Message} message */
    #end(message) {
        if (message.type === 'saved') {
            this.#sent = false;
            forget(this.draft);
        } else if (this.#sent && (message.type === 'conflict' || message.type === 'trouble')) {
            this.#sent = false;
            this.reopen();
        }
    }

    /** @param {string} text @param {string} stamp */
    #opened(text, stamp) {
        if (!this.#view) {
            this.#base = text;
            this.#stamp = stamp;
            this.#show(text);
            this.#begin(text);
            this.#restoreDraft(text);
            if (this.#goal) {
                this.goTo(...this.#goal);
            }
        } else if (text === this.#text) {
            this.#base = text;
            this.#stamp = stamp;
        } else if (stamp !== this.#stamp) {
            // Another editor has saved. What is not saved here is not thrown away.
            if (this.#isDirty) {
                this.#conflict(text, stamp);
            } else {
                this.#base = text;
                this.#stamp = stamp;
                this.#replace(text);
                this.#say(word('takenOver'));
            }
        }
    }

    /** @param {string} stamp */
    #saved(stamp) {
        this.#sent = false;
        this.#base = this.#saving;
        this.#stamp = stamp;
        if (this.#isDirty) {
            this.#later();
        } else {
            forget(this.draft);
            this.#say(word('saved'));
        }
    }

    /** @param {string} text @param {string} stamp what the file holds */
    #conflict(text, stamp) {
        this.#isDirty = true;
        this.#say(word('notSavedYet'));
        const take = (/** @type {boolean} */ theirs) => {
            this.question.hidden = true;
            this.#base = text;
            this.#stamp = stamp;
            if (theirs) {
                this.#replace(text);
                this.#isDirty = false;
                forget(this.draft);
                this.#say(word('takenOver'));
            } else {
                this.save();
            }
            this.#view?.focus();
        };
        this.question.replaceChildren(
            make('p', '', [word('conflict')]),
            button(word('takeTheirs'), () => take(true)),
            button(word('keepMine'), () => take(false)),
        );
        this.question.hidden = false;
    }

    get #text() {
        return this.#view?.state.doc.toString() ?? '';
    }

    /** @param {string} text */
    #show(text) {
        const typed = EditorView.updateListener.of((/** @type {Update} */ update) => {
            const byHand = update.transactions.some(change => TYPED.some(name => change.isUserEvent(name)));
            if (update.docChanged && byHand) {
                this.#isDirty = true;
                this.#say(word('notSavedYet'));
                this.#later();
            }
        });
        const save = { key: 'Mod-s', preventDefault: true, run: () => (this.save(), true) };
        // Tab indents; Escape and then Tab leaves, as the editor's label says.
        this.#view = new EditorView({
            parent: this.area,
            state: EditorState.create({
                doc: text,
                extensions: [
                    lineNumbers(),
                    history(),
                    drawSelection(),
                    highlightActiveLine(),
                    bracketMatching(),
                    indentOnInput(),
                    indentUnit.of('    '),
                    rust(),
                    syntaxHighlighting(colours),
                    keymap.of([save, indentWithTab, ...defaultKeymap, ...historyKeymap]),
                    EditorView.lineWrapping,
                    EditorView.contentAttributes.of({ 'aria-label': word('editorLabel'), tabindex: '0' }),
                    look,
                    typed,
                ],
            }),
        });
    }

    /** At the function that is to be written, not at what stands above it. @param {string} text */
    #begin(text) {
        const view = this.#view;
        const at = /^(?:\/\/\/.*\n)*(?:pub )?fn /m.exec(text)?.index;
        if (view && at !== undefined) {
            const todo = text.indexOf('todo!()', at);
            view.dispatch({ selection: { anchor: todo < 0 ? at : todo } });
            // Not `scrollIntoView`, which moves the page as well.
            requestAnimationFrame(() => (view.scrollDOM.scrollTop = view.lineBlockAt(at).top));
        }
    }

    /** @param {string} text */
    #replace(text) {
        this.#view?.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text } });
    }

    #later() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.save(), PAUSE);
    }

    #keepDraft() {
        if (this.#isDirty || this.#sent) {
            try {
                sessionStorage.setItem(this.draft, JSON.stringify({ text: this.#text, base: this.#base }));
            } catch {
                // A browser that keeps nothing keeps no draft either.
            }
        }
    }

    /**
     * What was typed before the page was loaded again comes back, unless the file
     * holds it by now.
     *
     * @param {string} text
     */
    #restoreDraft(text) {
        let draft;
        try {
            draft = JSON.parse(sessionStorage.getItem(this.draft) ?? 'null');
        } catch {
            return;
        }
        if (typeof draft?.text === 'string' && draft.text !== text) {
            const stamp = this.#stamp;
            this.#replace(draft.text);
            this.#isDirty = true;
            this.#say(word('draftBack'));
            if (draft.base === text) {
                this.#later();
            } else {
                this.#conflict(text, stamp);
            }
        } else {
            forget(this.draft);
        }
    }

    /** @param {string} text */
    #say(text) {
        this.status.textContent = text;
    }
}

/** Where a text is kept that is not saved yet. @param {string} exercise */
function draftOf(exercise) {
    return `draft ${exercise}`;
}

/** @param {string} name */
function forget(name) {
    try {
        sessionStorage.removeItem(name);
    } catch {
        // Nothing was kept.
    }
}
