import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const zip = promisify(gzip);

/** As strict as the tutor's: no inline script, nothing from elsewhere. Mermaid writes style attributes. */
export const POLICY = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'self'", // the contents, for readers without JavaScript
    "frame-ancestors 'self'",
    "base-uri 'none'",
    "form-action 'none'",
].join('; ');

/** @type {Record<string, string>} */
const TYPES = {
    '.css': 'text/css; charset=utf-8',
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.json': 'application/json',
    '.png': 'image/png',
    '.svg': 'image/svg+xml',
    '.txt': 'text/plain; charset=utf-8',
};

/**
 * Serves a folder as a plain web host would: gzip, a 404 page, and the policy.
 *
 * @param {string} dir
 * @param {(html: string) => string} [edit] changes every page on its way out
 * @returns {Promise<{origin: string, close(): void}>}
 */
export async function serve(dir, edit) {
    const root = path.resolve(dir);
    const server = createServer(async (request, response) => {
        const name = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
        const file = path.join(root, name.endsWith('/') ? `${name}index.html` : name);
        let status = 200;
        let body = file.startsWith(root + path.sep) ? await readFile(file).catch(() => null) : null;
        if (body === null) {
            status = 404;
            body = await readFile(path.join(root, '404.html')).catch(() => Buffer.from('not found'));
        }
        if (edit && file.endsWith('.html')) {
            body = Buffer.from(edit(body.toString()));
        }
        const type = status === 404 ? TYPES['.html'] : TYPES[path.extname(file)];
        response.writeHead(status, {
            'content-type': type ?? 'application/octet-stream',
            'content-security-policy': POLICY,
            'content-encoding': 'gzip',
            'cache-control': 'no-cache',
            'x-content-type-options': 'nosniff',
        });
        response.end(await zip(body));
    });
    await new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    const address = server.address();
    if (address === null || typeof address === 'string') {
        throw new Error('the server has no port');
    }
    return {
        origin: `http://127.0.0.1:${address.port}`,
        close() {
            server.close();
            server.closeAllConnections();
        },
    };
}
