/**
 * An element with a class, its content, and attributes.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} name its classes
 * @param {(string | Node)[]} [content]
 * @param {Record<string, string>} [attributes]
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, name, content = [], attributes = {}) {
    const element = document.createElement(tag);
    element.className = name;
    element.append(...content);
    for (const [key, value] of Object.entries(attributes)) {
        element.setAttribute(key, value);
    }
    return element;
}

/**
 * @param {string} text
 * @param {() => void} act
 * @param {string} [name] its classes
 */
export function button(text, act, name = 'action') {
    const element = make('button', name, [text], { type: 'button' });
    element.addEventListener('click', act);
    return element;
}
