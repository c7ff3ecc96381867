/**
 * A word of the page's, from the template `#words` that the build writes.
 *
 * @param {string} name as in `data-copied`: `copied`
 */
export function word(name) {
    return document.getElementById('words')?.dataset[name] ?? name;
}
