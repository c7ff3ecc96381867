/**
 * The contents: beside the text where there is room, else over it.
 * The width is the one of chrome.css.
 */
export function startSidebar() {
    const root = document.documentElement;
    const button = document.getElementById('sidebar-toggle');
    const sidebar = document.getElementById('sidebar');
    const page = document.querySelector('.page');
    const scrim = document.querySelector('.scrim');
    if (!button || !sidebar || !(page instanceof HTMLElement) || !(scrim instanceof HTMLElement)) {
        return;
    }
    const wide = matchMedia('(min-width: 67.5rem)');
    const isOpen = () => (wide.matches ? !root.classList.contains('sidebar-hidden') : root.classList.contains('sidebar-open'));

    const show = () => {
        const over = !wide.matches && root.classList.contains('sidebar-open');
        button.setAttribute('aria-expanded', String(isOpen()));
        scrim.hidden = !over;
        page.inert = over;
    };
    /** @param {boolean} open */
    const turn = open => {
        if (wide.matches) {
            root.classList.toggle('sidebar-hidden', !open);
            try {
                localStorage.setItem('mdbook-sidebar', open ? 'visible' : 'hidden');
            } catch {
                // Storage is switched off: it holds for this page.
            }
        } else {
            root.classList.toggle('sidebar-open', open);
        }
        show();
    };

    button.addEventListener('click', () => {
        turn(!isOpen());
        if (!wide.matches && isOpen()) {
            const current = sidebar.querySelector('[aria-current="page"]') ?? sidebar.querySelector('a');
            if (current instanceof HTMLElement) {
                current.focus();
            }
        }
    });
    scrim.addEventListener('click', () => turn(false));
    sidebar.addEventListener('click', event => {
        if (!wide.matches && event.target instanceof Element && event.target.closest('a')) {
            turn(false); // a heading of this very page
        }
    });
    document.addEventListener('keydown', event => {
        if (event.key === 'Escape' && !wide.matches && isOpen()) {
            turn(false);
            button.focus();
        }
    });
    wide.addEventListener('change', () => {
        root.classList.remove('sidebar-open');
        show();
    });
    show();
    followHeadings(sidebar);
}

/**
 * Marks, in the contents, the heading that is being read.
 *
 * @param {HTMLElement} sidebar
 */
function followHeadings(sidebar) {
    /** @type {{heading: HTMLElement, link: HTMLAnchorElement}[]} */
    const pairs = [];
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (sidebar.querySelectorAll('.headings a'))) {
        const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
        if (heading) {
            pairs.push({ heading, link });
        }
    }
    if (pairs.length === 0) {
        return;
    }
    let waiting = false;
    const mark = () => {
        waiting = false;
        const read = pairs.filter(({ heading }) => heading.getBoundingClientRect().top < innerHeight / 3).at(-1);
        for (const pair of pairs) {
            if (pair === read) {
                pair.link.setAttribute('aria-current', 'true');
            } else {
                pair.link.removeAttribute('aria-current');
            }
        }
    };
    const soon = () => {
        if (!waiting) {
            waiting = true;
            requestAnimationFrame(mark);
        }
    };
    addEventListener('scroll', soon, { passive: true });
    addEventListener('resize', soon, { passive: true });
    soon();
}
