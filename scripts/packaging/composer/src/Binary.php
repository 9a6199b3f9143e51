<?php

namespace Tilde\Composer;

/**
 * The binary of tilde for the platform that PHP runs on.
 */
final class Binary
{
    /**
     * Its path; TILDE_BINARY names another one.
     */
    public static function path(): string
    {
        $named = getenv('TILDE_BINARY');
        if (is_string($named) && $named !== '') {
            return $named;
        }
        $systems = ['Linux' => 'linux', 'Darwin' => 'macos'];
        $machines = ['x86_64' => 'x86_64', 'amd64' => 'x86_64', 'aarch64' => 'aarch64', 'arm64' => 'aarch64'];
        $system = $systems[PHP_OS_FAMILY] ?? PHP_OS_FAMILY;
        $machine = $machines[php_uname('m')] ?? php_uname('m');
        $name = "tilde-$system-$machine" . ($system === 'linux' ? '-musl' : '');
        $path = dirname(__DIR__) . "/binaries/$name";
        if (!is_file($path)) {
            throw new \RuntimeException("there is no binary for this platform ($name): set TILDE_BINARY");
        }
        return $path;
    }

    /**
     * Runs it with these arguments, and returns its exit status: 0 done, 1 done but with
     * findings or differences, 2 could not do it.
     *
     * @param string[] $arguments
     */
    public static function run(array $arguments): int
    {
        try {
            $path = self::path();
        } catch (\RuntimeException $error) {
            fwrite(STDERR, 'tilde: ' . $error->getMessage() . "\n");
            return 2;
        }
        // Archives of packages forget who may run a file.
        if (!is_executable($path)) {
            @chmod($path, 0755);
        }
        if (function_exists('pcntl_exec')) {
            // It takes the place of PHP, so that signals reach it. It returns where it fails.
            @pcntl_exec($path, $arguments, getenv());
        }
        $command = implode(' ', array_map('escapeshellarg', array_merge([$path], $arguments)));
        $process = proc_open('exec ' . $command, [STDIN, STDOUT, STDERR], $pipes);
        if (!is_resource($process)) {
            fwrite(STDERR, "tilde: cannot run $path\n");
            return 2;
        }
        return proc_close($process);
    }
}
