// Asks an application for pages, under a given PHP, and prints the answers.
//
//     node request.mjs VERSION FOLDER [--env NAME=VALUE]... PATH...
//
// FOLDER is the document root; PHP sees it as /app, wherever it is. Each PATH
// is what follows the host in an address. The output is a JSON array with, for
// each PATH in turn:
//
//     path, status, headers (a list of [name, value]), encoding, body
//
// encoding is "utf-8" when the body is that, and is then given as it is; else
// "base64". Only PHP answers: there are no static files.
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fail, finish, isOld, load } from './load.mjs';

const { version, folder, env, paths } = commandLine(process.argv.slice(2));
const php = await load(version, [[folder, '/app']], env);
const answers = [];
for (const path of paths) answers.push(await request(path));
await finish(JSON.stringify(answers, null, 1) + '\n');

async function request(path) {
  const server = { ...env, ...route(new URL(path, 'http://localhost').pathname) };
  // PHP 5.6 to 7.3 have a call for what is an option later.
  if (isOld(version)) {
    for (const name in server) php.addServerGlobalEntry(name, server[name]);
  }
  const response = await php.run({
    scriptPath: server.SCRIPT_FILENAME,
    relativeUri: path,
    headers: { host: 'localhost' },
    $_SERVER: server,
  });
  const headers = Object.entries(response.headers)
    .flatMap(([name, values]) => values.map(value => [name, value]))
    .sort();
  return { path, status: response.httpStatusCode, headers, ...text(response.bytes) };
}

/**
 * Finds the script as PHP's built-in server does: the part of the path that is
 * a file, or index.php; what is left is PATH_INFO.
 */
function route(path) {
  let script = path;
  while (script && !isFile(script)) script = script.slice(0, script.lastIndexOf('/'));
  const rest = script ? path.slice(script.length) : path;
  script ||= '/index.php';
  const server = {
    DOCUMENT_ROOT: '/app',
    SCRIPT_FILENAME: '/app' + script,
    SCRIPT_NAME: script,
    PHP_SELF: script + rest,
  };
  return rest && rest !== '/' ? { ...server, PATH_INFO: decodeURIComponent(rest) } : server;
}

function isFile(path) {
  const file = join(folder, path);
  return existsSync(file) && statSync(file).isFile();
}

function text(bytes) {
  try {
    return { encoding: 'utf-8', body: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { encoding: 'base64', body: Buffer.from(bytes).toString('base64') };
  }
}

function commandLine([version, folder, ...rest]) {
  const env = {};
  while (rest[0] === '--env') {
    const [name, ...value] = rest[1].split('=');
    env[name] = value.join('=');
    rest.splice(0, 2);
  }
  if (!rest.length) fail('usage: node request.mjs VERSION FOLDER [--env NAME=VALUE]... PATH...');
  return { version, folder: resolve(folder), env, paths: rest };
}
