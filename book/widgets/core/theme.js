/** The reader's choice of a theme. mdBook stores it under the same key. */
export const THEME_KEY = 'mdbook-theme';

/**
 * The theme to show. Whatever is stored that is not one of our two, such as
 * another book's `ayu` on the same host, counts as no choice.
 *
 * @param {string | null} stored
 * @param {boolean} systemIsDark
 * @param {{light: string, dark: string}} names
 */
export function themeToShow(stored, systemIsDark, { light, dark }) {
    if (stored === light || stored === dark) {
        return stored;
    }
    return systemIsDark ? dark : light;
}

/**
 * The entry of the menu that is marked: `auto`, or a theme's name.
 *
 * @param {string | null} stored
 * @param {{light: string, dark: string}} names
 */
export function choiceToMark(stored, { light, dark }) {
    return stored === light || stored === dark ? stored : 'auto';
}
