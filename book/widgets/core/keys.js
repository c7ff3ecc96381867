/**
 * What a key means on the page, outside of any widget.
 *
 * @param {{key: string, altKey: boolean, ctrlKey: boolean, metaKey: boolean, shiftKey: boolean}} press
 * @param {'ltr' | 'rtl'} direction
 * @returns {'next' | 'previous' | 'search' | 'help' | null}
 */
export function meaning(press, direction) {
    if (press.altKey || press.ctrlKey || press.metaKey) {
        return null;
    }
    switch (press.key) {
        case '?': // with Shift on most keyboards
            return 'help';
        case '/': // with Shift on some
            return 'search';
        case 's':
            return press.shiftKey ? null : 'search';
        case 'ArrowRight':
            return press.shiftKey ? null : direction === 'rtl' ? 'previous' : 'next';
        case 'ArrowLeft':
            return press.shiftKey ? null : direction === 'rtl' ? 'next' : 'previous';
        default:
            return null;
    }
}
