// One request to the application in /srv/app, the way the caches were recorded.
import { isOld } from '../oracle/load.mjs';

/** @return the body, or what went wrong, as a Buffer */
export async function ask(php, version) {
  const server = {
    DOCUMENT_ROOT: '/srv/app', SCRIPT_FILENAME: '/srv/app/index.php', SCRIPT_NAME: '/index.php', PHP_SELF: '/index.php',
  };
  if (isOld(version)) {
    for (const name in server) php.addServerGlobalEntry(name, server[name]);
  }
  php.chdir('/srv/app');
  const request = {
    scriptPath: '/srv/app/index.php', relativeUri: '/index.php', headers: { host: 'localhost' }, $_SERVER: server,
  };
  try {
    return Buffer.from((await php.run(request)).bytes);
  } catch (error) {
    return Buffer.from(error.message);
  }
}
