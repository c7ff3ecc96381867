import { terminalLines, textToCopy } from '../core/terminal.js';
import { word } from './words.js';

const TERMINAL = '.language-console, .language-powershell';

/** Code blocks: a button to copy, colours, and a keyboard's way to scroll. */
export function startCode() {
    const blocks = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('main pre > code'));
    let colored = false;
    for (const code of blocks) {
        const isTerminal = code.matches(TERMINAL);
        const text = code.textContent ?? '';
        code.after(copyButton(() => textToCopy(text, isTerminal)));
        if (isTerminal) {
            markTerminal(code);
        } else {
            colored ||= /\blanguage-(?!text\b)/.test(code.className);
        }
    }
    if (colored) {
        loadHighlighter();
    }
    watchScrollers();
}

/** @param {() => string} text */
function copyButton(text) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = word('copy');
    button.setAttribute('aria-live', 'polite');
    button.addEventListener('click', async () => {
        const copied = await navigator.clipboard?.writeText(text()).then(() => true, () => false);
        button.textContent = word(copied ? 'copied' : 'notCopied');
        button.dataset.state = copied ? 'copied' : 'not-copied';
    });
    const rest = () => {
        button.textContent = word('copy');
        delete button.dataset.state;
    };
    button.addEventListener('blur', rest);
    button.addEventListener('pointerleave', rest);
    return button;
}

/**
 * Tells commands from what was typed and from what was printed. The text stays
 * what it was.
 *
 * @param {HTMLElement} code
 */
function markTerminal(code) {
    const pieces = terminalLines(code.textContent ?? '').flatMap(({ kind, mark, text }) => [
        ...(mark ? [span(kind === 'command' ? 'prompt' : 'typed-mark', mark)] : []),
        ...(kind === 'output' ? [text] : [span(kind, text)]),
        '\n',
    ]);
    code.replaceChildren(...pieces);
}

/**
 * @param {string} name
 * @param {string} text
 */
function span(name, text) {
    const element = document.createElement('span');
    element.className = name;
    element.textContent = text;
    return element;
}

/** mdBook's highlight.js is the heaviest thing on a page: after everything else. */
function loadHighlighter() {
    const load = () => {
        const script = document.createElement('script');
        script.src = new URL('../../../highlight.js', import.meta.url).href;
        script.addEventListener('load', () => {
            const { hljs } = /** @type {{hljs?: {highlightBlock(block: Element): void}}} */ (/** @type {unknown} */ (window));
            for (const code of document.querySelectorAll('main pre > code[class*="language-"]')) {
                if (!code.matches(TERMINAL) && !code.matches('.language-text')) {
                    hljs?.highlightBlock(code);
                }
            }
        });
        document.head.append(script);
    };
    const idle = () => ('requestIdleCallback' in window ? requestIdleCallback(load, { timeout: 2000 }) : load());
    if (document.readyState === 'complete') {
        idle();
    } else {
        addEventListener('load', idle, { once: true });
    }
}

/** What scrolls sideways can be reached with the Tab key, and only that. */
function watchScrollers() {
    const observer = new ResizeObserver(entries => {
        for (const { target } of entries) {
            if (target.scrollWidth > target.clientWidth + 1) {
                target.setAttribute('tabindex', '0');
            } else {
                target.removeAttribute('tabindex');
            }
        }
    });
    for (const scroller of document.querySelectorAll('main pre > code, main pre.mermaid, main .table-wrapper')) {
        observer.observe(scroller);
    }
}
