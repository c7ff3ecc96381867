import { meaning } from '../core/keys.js';

/** Turning pages, search and help by key; and the button that opens search. */
export function startKeys() {
    const help = document.getElementById('help');
    const openSearch = async () => {
        const dialog = document.getElementById('search');
        const field = document.getElementById('search-words');
        if (dialog instanceof HTMLDialogElement && field instanceof HTMLInputElement) {
            // At once: whoever pressed the key is typing already.
            dialog.showModal();
            field.select();
            const { startSearch } = await import('./search.js');
            startSearch(dialog, field);
        }
    };

    document.getElementById('search-open')?.addEventListener('click', openSearch);
    document.addEventListener('keydown', event => {
        if (event.defaultPrevented || !isPage(event.target) || document.querySelector('dialog[open]')) {
            return;
        }
        const direction = document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr';
        switch (meaning(event, direction)) {
            case 'next':
                document.querySelector('a[rel="next"]')?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
                break;
            case 'previous':
                document.querySelector('a[rel="prev"]')?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
                break;
            case 'search':
                openSearch();
                break;
            case 'help':
                if (help instanceof HTMLDialogElement) {
                    help.showModal();
                }
                break;
            default:
                return;
        }
        event.preventDefault();
    });
}

/**
 * Whether a key pressed here is for the page: not for a field, nor for a box
 * that scrolls, nor for anything else that has a use for arrows of its own.
 *
 * @param {EventTarget | null} target
 */
function isPage(target) {
    return target instanceof Element && target.matches('body, main, a, button, summary');
}
