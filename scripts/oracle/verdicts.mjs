// Says of each file of a list whether a given PHP finds its syntax right, as
// verdicts.php does, and goes on where that PHP ends:
//
//     node verdicts.mjs VERSION LIST
//
// Each file is a request of its own, so that no declaration of one is there for
// the next. A file that brings PHP down has the verdict `crash`.
import { readFileSync, writeSync } from 'node:fs';
import { fail, finish, load } from './load.mjs';

const [version, list] = process.argv.slice(2);
if (!list) fail('usage: node verdicts.mjs VERSION LIST');

const judge = readFileSync(new URL('verdicts.php', import.meta.url));
let php = await start();
for (const path of readFileSync(list, 'utf8').split('\n').filter(Boolean)) {
  const verdict = await ask(readFileSync(path));
  if (verdict === 'crash') php = await start();
  writeSync(1, `${path}\t${verdict}\n`);
}
await finish('');

/** Nothing of this machine is mounted: what PHP reads is written into its memory. */
async function start() {
  const php = await load(version, [], { PHPRC: '/judge', PHP_INI_SCAN_DIR: '/judge' });
  php.mkdir('/judge');
  php.writeFile('/judge/php.ini', 'short_open_tag=0\nasp_tags=0\nmemory_limit=-1\n');
  php.writeFile('/judge/verdicts.php', judge);
  php.writeFile('/judge/list', '/judge/source');
  php.writeFile('/judge/start.php', `<?php $argv = array('', '/judge/list'); require '/judge/verdicts.php';`);
  return php;
}

async function ask(source) {
  php.writeFile('/judge/source', source);
  const answer = await request();
  const [, verdict] = answer.match(/^\/judge\/source\t(.*)\n$/s) ?? [];
  return verdict ?? 'crash';
}

/** The new builds throw where PHP ended with a fatal error, and have the answer in what they throw. */
async function request() {
  try {
    const { bytes } = await php.run({ scriptPath: '/judge/start.php', relativeUri: '/' });
    return Buffer.from(bytes).toString();
  } catch (error) {
    return Buffer.from(error.response?.bytes ?? []).toString();
  }
}
