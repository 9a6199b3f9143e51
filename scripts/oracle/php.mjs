// Runs a script under a given PHP.
//
//     node php.mjs VERSION [-d NAME=VALUE]... SCRIPT [ARGUMENT...]
//
// The script sees this machine's folders under their own names, and its
// working directory is ours. 5.6, 7.0, 7.1 and 7.3 run it as a web request:
// PHP_SAPI is "wasm" there and the exit status says nothing.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fail, finish, isOld, load } from './load.mjs';

const [version, ...rest] = process.argv.slice(2);
const settings = [];
while (rest[0] === '-d') settings.push(rest.splice(0, 2)[1]);
const [script, ...args] = rest;
if (!script) fail('usage: node php.mjs VERSION [-d NAME=VALUE]... SCRIPT [ARGUMENT...]');

const mounts = isOld(version) ? rootsWithoutTmp() : folders('/');
const php = await load(version, mounts.map(path => [path, path]), process.env);
await finish('', await (isOld(version) ? runAsRequest() : runAsCommand()));

async function runAsCommand() {
  php.chdir(process.cwd());
  const options = settings.flatMap(setting => ['-d', setting]);
  const run = await php.cli(['php', '-q', ...options, resolve(script), ...args]);
  await Promise.all([copy(run.stdout, process.stdout), copy(run.stderr, process.stderr)]);
  return run.exitCode;
}

async function runAsRequest() {
  for (const setting of settings) php.setPhpIniEntry(...setting.split('=', 2));
  const path = resolve(script);
  if (!php.fileExists(path)) {
    php.mkdirTree(dirname(path));
    php.writeFile(path, readFileSync(path));
  }
  if (!php.fileExists(process.cwd())) php.mkdirTree(process.cwd());
  const argv = [script, ...args].map(quote).join(',');
  php.writeFile('/start.php', `<?php
    $argv = $_SERVER['argv'] = array(${argv});
    $argc = $_SERVER['argc'] = count($argv);
    chdir(${quote(process.cwd())});
    set_time_limit(0);
    require ${quote(path)};`);
  const response = await php.run({ scriptPath: '/start.php', relativeUri: '/' });
  process.stdout.write(response.bytes);
  process.stderr.write(response.errors);
  return response.exitCode;
}

/**
 * The old builds keep the response of a request in files of /tmp. On a shared
 * /tmp two runs would read each other's, so only the folders in it are shared.
 */
function rootsWithoutTmp() {
  return [...folders('/').filter(path => path !== '/tmp'), ...folders('/tmp')];
}

function folders(parent) {
  // These are PHP's own, or have nothing that a script may want.
  const own = ['/dev', '/proc', '/sys', '/internal'];
  return readdirSync(parent)
    .map(name => join(parent, name))
    .filter(path => !own.includes(path) && isReadableFolder(path));
}

function isReadableFolder(path) {
  try {
    return statSync(path).isDirectory() && Array.isArray(readdirSync(path));
  } catch {
    return false;
  }
}

async function copy(from, to) {
  for await (const chunk of from) to.write(chunk);
}

function quote(text) {
  return `'${text.replace(/[\\']/g, character => '\\' + character)}'`;
}
