import { existsSync } from 'node:fs';

import { chromium } from 'playwright-core';

/** The environment's CHROMIUM, or where Linux systems put it. */
export const CHROMIUM = process.env['CHROMIUM']
    ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(file => existsSync(file))
    ?? '/usr/bin/chromium';

export const FLAGS = [
    '--no-sandbox',
    '--headless',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    // Belt and braces: even a request that slips through finds nobody.
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

export function launch() {
    return chromium.launch({ executablePath: CHROMIUM, args: FLAGS, timeout: 30_000 });
}
