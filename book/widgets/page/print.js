/**
 * On paper nothing unfolds: what is folded is opened for as long as it prints.
 * The page that holds the whole book prints itself once its drawings are made.
 */
export function startPrint() {
    /** @type {HTMLDetailsElement[]} */
    let opened = [];
    addEventListener('beforeprint', () => {
        opened = /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll('main details:not([open])')]);
        for (const details of opened) {
            details.open = true;
        }
    });
    addEventListener('afterprint', () => {
        for (const details of opened) {
            details.open = false;
        }
        opened = [];
    });

    if ('print' in document.documentElement.dataset) {
        addEventListener('load', async () => {
            if (document.querySelector('pre.mermaid')) {
                const { drawAll } = await import('../elements/mermaid-figure.js');
                await drawAll();
            }
            print();
        });
    }
}
