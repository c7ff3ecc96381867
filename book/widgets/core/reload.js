/** Coming back: the folds of a page that is loaded again, and the way to the server. */

/**
 * Which folds are to be open again: what was noted before a reload, if the page
 * still has as many folds as then.
 *
 * @param {string | null} noted a JSON list of true and false
 * @param {number} count how many folds the page has
 * @returns {boolean[]} empty when there is nothing to restore
 */
export function foldsAsNoted(noted, count) {
    let list;
    try {
        list = JSON.parse(noted ?? '[]');
    } catch {
        return [];
    }
    const fits = Array.isArray(list) && list.length === count && list.every(open => typeof open === 'boolean');
    return fits ? list : [];
}

/**
 * How long to wait before the next attempt, in milliseconds: doubling from half
 * a second to ten, less up to a quarter by `luck` (0 to 1), so that several
 * open pages do not come back at the same instant.
 *
 * @param {number} attempt counted from 0
 * @param {number} luck
 */
export function delay(attempt, luck) {
    const full = Math.min(10_000, 500 * 2 ** Math.min(attempt, 10));
    return Math.round(full * (1 - luck / 4));
}

/**
 * Where the page's socket is.
 *
 * @param {string} page the page's address
 * @param {string} token
 */
export function socketAddress(page, token) {
    const url = new URL('/ws', page);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    url.searchParams.set('token', token);
    return url.href;
}
