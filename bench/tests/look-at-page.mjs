// SPDX-License-Identifier: LGPL-2.1-or-later
// Looks at a page as people see it: `node look-at-page.mjs FOLDER PAGE [PICTURE]`. FOLDER has node_modules with playwright-core and
// axe-core. On a phone and on a desk, in light and in dark, and printed: nothing may be said on the console, fetched, or cut off, and
// axe must find nothing. Prints what is wrong, one line each. With PICTURE, keeps PICTURE-WIDTH-SCHEME.png.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const [folder, page_file, picture] = process.argv.slice(2);
const require = createRequire(path.resolve(folder, 'package.json'));
const { chromium } = require('playwright-core');
const address = pathToFileURL(path.resolve(page_file)).href;
let wrong = 0;

function complain(where, what) {
    console.log(`${where}: ${what}`);
    wrong++;
}

// Runs in the page: elements that reach beyond its sides, or whose content does not fit into them.
function find_cut_off() {
    const found = [];
    for (const element of document.querySelectorAll('body *')) {
        const box = element.getBoundingClientRect();
        const around = (element.ownerSVGElement ?? document.documentElement).getBoundingClientRect();
        const name = `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} '${element.textContent.slice(0, 40)}'`;
        if (box.width > 1 && (box.left < around.left - 1 || box.right > around.right + 1))
            found.push(`${name} reaches from ${box.left} to ${box.right}, but there is only ${around.left} to ${around.right}`);
        if (!element.ownerSVGElement && element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1)
            found.push(`${name} is ${element.clientWidth} wide, its content ${element.scrollWidth}`);
    }
    return found;
}

async function look(browser, width, scheme, check_access) {
    const where = `${width} px, ${scheme}`;
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme, bypassCSP: true });
    const page = await context.newPage();
    page.on('console', message => complain(where, `console: ${message.text()}`));
    page.on('pageerror', error => complain(where, `error: ${error.message}`));
    page.on('request', request => {
        if (request.url() !== address && !request.url().startsWith('data:'))
            complain(where, `request: ${request.url()}`);
    });
    await page.goto(address);
    for (const text of await page.evaluate(find_cut_off))
        complain(where, `cut off: ${text}`);
    if (picture)
        await page.screenshot({ path: `${picture}-${width}-${scheme}.png`, fullPage: true });
    if (check_access)
        await run_axe(page, where);
    await context.close();
}

async function run_axe(page, where) {
    await page.addScriptTag({ path: require.resolve('axe-core/axe.min.js') });
    const { violations, passes } = await page.evaluate(() => axe.run(document, { resultTypes: ['violations', 'passes'] }));
    for (const violation of violations)
        for (const node of violation.nodes)
            complain(where, `${violation.id}: ${violation.help}: ${node.html.slice(0, 120)}: ${node.any[0]?.message ?? ''}`);
    for (const rule of ['color-contrast', 'heading-order', 'page-has-heading-one'])
        if (!passes.some(pass => pass.id === rule))
            complain(where, `axe has not checked ${rule}`);
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
// Colours do not depend on the width, nor elements on colours.
await look(browser, 360, 'light', true);
await look(browser, 360, 'dark', false);
await look(browser, 1280, 'light', false);
await look(browser, 1280, 'dark', true);
const page = await browser.newPage();
await page.goto(address);
const printed = await page.pdf({ format: 'A4', printBackground: true, path: picture ? `${picture}.pdf` : undefined });
if (printed.length < 1000)
    complain('printed', 'nothing');
await browser.close();
process.exit(wrong ? 1 : 0);
