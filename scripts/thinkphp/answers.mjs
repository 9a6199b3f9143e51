// Asks applications for one page each, under one PHP:
//
//     node answers.mjs VERSION < groups
//
// The input is a JSON array of arrays of folders. PHP sees each as /srv while it
// is asked, as the recorder has them: the application lies in `app`. Folders of
// one array share a PHP and the folder that they lie in. The output is what each
// said, in the same arrays, a character for each byte.
import { readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { finish, load } from '../oracle/load.mjs';
import { ask } from './ask.mjs';

const [version] = process.argv.slice(2);
// Each PHP listens to how this process ends.
process.setMaxListeners(0);
const answers = [];
for (const group of JSON.parse(readFileSync(0))) answers.push(await askAll(group));
await finish(JSON.stringify(answers) + '\n');

/** To start a PHP takes longer than to ask it, so that the folders come to it. */
async function askAll(folders) {
  const srv = join(dirname(folders[0]), 'srv');
  const bodies = [];
  let php;
  for (const folder of folders) {
    renameSync(folder, srv);
    php ??= await load(version, [[srv, '/srv']]);
    bodies.push((await ask(php, version)).toString('latin1'));
    renameSync(srv, folder);
  }
  return bodies;
}
