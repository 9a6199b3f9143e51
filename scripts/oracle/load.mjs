// Loads one of the npm builds of PHP. Shared by php.mjs and request.mjs.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// The packages are not installed beside this file, so that they can be shared
// between checkouts: hence the imports by path.
const home = resolve(process.env.TILDE_ORACLE || fileURLToPath(new URL('../../.oracle', import.meta.url)));

const OLD = ['5.6', '7.0', '7.1', '7.3'];
const NEW = ['5.2', '7.2', '7.4', '8.0', '8.1', '8.2', '8.3', '8.4', '8.5'];

/** Whether a version comes from the old package, which has no usable command line. */
export const isOld = version => OLD.includes(version);

/**
 * @param version `5.2` to `8.5`, without the release number
 * @param mounts  `[path on this machine, path that PHP sees]` pairs
 * @param env     what getenv() finds
 * @return a PHP with `run(request)`, as the packages have it; see `server` in request.mjs
 */
export async function load(version, mounts, env = {}) {
  if (isOld(version)) {
    const { NodePHP } = await module('old/node_modules/@php-wasm/node/index.cjs');
    const php = await NodePHP.load(version, {
      emscriptenOptions: { ENV: env },
      requestHandler: { documentRoot: '/', absoluteUrl: 'http://localhost/' },
    });
    for (const [local, path] of mounts) mountIfThere(php, local, path);
    return php;
  }
  if (!NEW.includes(version)) {
    fail(`there is no PHP ${version}: choose one of ${[...OLD, ...NEW].sort().join(', ')}`);
  }
  const { PHP, loadPHPRuntime } = await module('node_modules/@php-wasm/universal/index.js');
  const { createNodeFsMountHandler } = await module('node_modules/@php-wasm/node/index.js');
  const { getPHPLoaderModule } = await module(`node_modules/@php-wasm/node-${version.replace('.', '-')}/index.js`);
  const runtime = await loadPHPRuntime(await getPHPLoaderModule(), {
    ENV: env,
    phpWasmInitOptions: {},
    processId: process.pid % 32767 || 1,
  });
  const php = new PHP(runtime);
  for (const [local, path] of mounts) await php.mount(path, createNodeFsMountHandler(local));
  return php;
}

/** Another process may take its temporary folder away between our look at it and this. */
function mountIfThere(php, local, path) {
  try {
    php.mount(local, path);
  } catch (error) {
    if (existsSync(local)) throw error;
  }
}

/** Ends the process with a message, as a command that could not do its work. */
export function fail(message) {
  console.error(message);
  process.exit(2);
}

/**
 * Ends the process once all output is out. The old builds keep a network proxy
 * open, so that waiting for node to end would be waiting for ever.
 */
export async function finish(output, status = 0) {
  await new Promise(done => process.stdout.write(output, done));
  await new Promise(done => process.stderr.write('', done));
  process.exit(status);
}

async function module(path) {
  const file = join(home, path);
  if (!existsSync(file)) fail(`${file} is missing: run scripts/oracle/install`);
  const exports = await import(pathToFileURL(file));
  return exports.default ?? exports;
}
