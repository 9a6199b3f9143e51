// Records the caches of testdata/thinkphp: see scripts/record-thinkphp, and
// testdata/thinkphp/README.md for what a case is.
//
//     node record.mjs [GENERATION] [CASE]
//
// Each case is run for real: its application is laid out in a temporary folder
// that PHP sees as /srv/app, with the builder in /srv/builder, and the entry
// script answers two requests. The first builds the caches, the second runs
// from them and must answer the same.
import {
  cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, finish, load } from '../oracle/load.mjs';
import { ask } from './ask.mjs';

const root = fileURLToPath(new URL('../../testdata/thinkphp', import.meta.url));
const [onlyGeneration, onlyCase] = process.argv.slice(2);
// Each PHP listens to how this process ends.
process.setMaxListeners(0);
const srv = mkdtempSync(join(tmpdir(), 'record-thinkphp-'));
const app = join(srv, 'app');

try {
  const cases = readdirSync(root)
    .filter(name => /^\d\.\d$/.test(name) && (!onlyGeneration || name === onlyGeneration))
    .flatMap(casesOf)
    .filter(one => !onlyCase || one.name === onlyCase);
  if (!cases.length) fail('record-thinkphp: there is no such case');
  await finish('', await record(cases));
} finally {
  rmSync(srv, { recursive: true, force: true });
}

function casesOf(generation) {
  const folder = join(root, generation, 'cases');
  const defaults = JSON.parse(readFileSync(join(root, generation, 'generation.json')));
  // The others are compared with the first.
  const names = ['default', ...readdirSync(folder).filter(name => name !== 'default').sort()];
  return names.map(name => ({
    generation,
    name,
    folder: join(folder, name),
    ...defaults,
    ...JSON.parse(readFileSync(join(folder, name, 'case.json'))),
    answers: {},
  }));
}

async function record(cases) {
  let problems = 0;
  for (const one of cases) {
    for (const version of one.php) problems += await run(one, version);
    write(one);
  }
  return problems ? 1 : 0;
}

async function run(one, version) {
  lay(one);
  const sources = new Set(files(app));
  // A PHP keeps what it knows of files, so that none runs two cases.
  const php = await load(version, [[srv, '/srv']]);
  const before = (await ask(php, version)).toString('latin1');
  one.answers[version] = caches(sources);
  const after = (await ask(php, version)).toString('latin1');
  return compare(one, version, before, after);
}

/** Lays the application of a case out where PHP sees it. */
function lay(one) {
  for (const name of readdirSync(srv)) rmSync(join(srv, name), { recursive: true });
  cpSync(join(root, 'builder'), join(srv, 'builder'), { recursive: true });
  mkdirSync(join(srv, 'record'));
  cpSync(join(root, one.generation, 'app'), app, { recursive: true });
  if (existsSync(join(one.folder, 'app'))) cpSync(join(one.folder, 'app'), app, { recursive: true });
  const entry = join(app, 'index.php');
  const switches = (one.switches ?? []).map(line => line + '\n').join('');
  writeFileSync(entry, readFileSync(entry, 'latin1').replace('// switches\n', () => switches), 'latin1');
  for (const path of files(app)) {
    if (one.newlines === 'crlf') {
      writeFileSync(path, readFileSync(path, 'latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
    }
    // 2.x believes a cache that is newer than the configuration.
    utimesSync(path, 1e9, 1e9);
  }
  for (const path of one.folders ?? []) mkdirSync(join(app, path), { recursive: true });
}

/** Warnings come before the answer, which is the last line. */
function compare(one, version, before, after) {
  const [first, second] = [before, after].map(body => body.trimEnd().split('\n').pop());
  const works = first !== '' && first === second && !/error/i.test(before + after);
  const shouldWork = Array.isArray(one.breaks) ? !one.breaks.includes(version) : !one.breaks;
  if (works === shouldWork) return 0;
  console.error(`${one.generation} ${one.name} under PHP ${version} ${works ? 'works' : 'does not work'} from its caches:`);
  if (!works) console.error(before, after);
  return 1;
}

/** What the request left behind, by path from the root of the application, and the constants. */
function caches(sources) {
  const found = files(app).filter(path => !sources.has(path));
  const answer = Object.fromEntries(found.map(path => [relative(app, path), readFileSync(path)]));
  const constants = join(srv, 'record', 'constants.json');
  if (existsSync(constants)) answer['constants.json'] = readFileSync(constants);
  return answer;
}

/**
 * Versions with the same answer share a folder, whose name lists them. Constants
 * are left out where they are those of the generation's default.
 */
function write(one) {
  for (const [version, answer] of Object.entries(one.answers)) {
    if (one.name !== 'default' && answer['constants.json']?.equals(defaultConstants(one, version))) {
      delete answer['constants.json'];
    }
  }
  for (const name of readdirSync(one.folder)) {
    if (/^\d/.test(name)) rmSync(join(one.folder, name), { recursive: true });
  }
  const groups = new Map();
  for (const version of one.php) {
    const answer = one.answers[version];
    const key = JSON.stringify(Object.entries(answer).map(([path, bytes]) => [path, bytes.toString('latin1')]));
    groups.set(key, [...(groups.get(key) ?? []), version]);
  }
  for (const versions of groups.values()) {
    for (const [path, bytes] of Object.entries(one.answers[versions[0]])) {
      const file = join(one.folder, versions.join('+'), path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
  }
}

function defaultConstants({ generation }, version) {
  const folder = join(root, generation, 'cases', 'default');
  const versions = readdirSync(folder).find(name => name.split('+').includes(version));
  const file = join(folder, versions ?? '', 'constants.json');
  return existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
}

function files(folder) {
  return readdirSync(folder).sort().flatMap(name => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}
