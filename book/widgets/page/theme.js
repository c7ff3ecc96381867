import { THEME_KEY, choiceToMark, themeToShow } from '../core/theme.js';

/** The theme's menu, and the system's own changes while the choice is Auto. */
export function startTheme() {
    const root = document.documentElement;
    const names = { light: root.dataset.light ?? 'light', dark: root.dataset.dark ?? 'coal' };
    const system = matchMedia('(prefers-color-scheme: dark)');

    const show = () => {
        const paper = 'print' in root.dataset;
        const theme = paper ? names.light : themeToShow(read(), system.matches, names);
        root.classList.toggle(names.light, theme === names.light);
        root.classList.toggle(names.dark, theme === names.dark);
    };

    const menu = document.getElementById('theme-menu');
    const mark = () => {
        const choice = choiceToMark(read(), names);
        for (const input of menu?.querySelectorAll('input') ?? []) {
            input.checked = input.value === choice;
        }
    };
    menu?.addEventListener('change', event => {
        if (event.target instanceof HTMLInputElement) {
            write(event.target.value === 'auto' ? null : event.target.value);
            show();
        }
    });
    menu?.addEventListener('toggle', event => {
        if (event instanceof ToggleEvent && event.newState === 'open') {
            /** @type {HTMLInputElement | null} */ (menu.querySelector('input:checked'))?.focus();
        }
    });
    mark();

    system.addEventListener('change', show);
    // Another tab of the book.
    addEventListener('storage', event => {
        if (event.key === THEME_KEY || event.key === null) {
            show();
            mark();
        }
    });
    // A page that comes back from the browser's cache may be older than the choice.
    addEventListener('pageshow', event => {
        if (event.persisted) {
            show();
            mark();
        }
    });
}

function read() {
    try {
        return localStorage.getItem(THEME_KEY);
    } catch {
        return null;
    }
}

/** @param {string | null} theme */
function write(theme) {
    try {
        if (theme === null) {
            localStorage.removeItem(THEME_KEY);
        } else {
            localStorage.setItem(THEME_KEY, theme);
        }
    } catch {
        // Storage is switched off: the choice holds for this page.
    }
}
