<?php

namespace Tilde\Composer;

/**
 * Hooks for the scripts of composer.json. Composer stops where one throws.
 */
final class Scripts
{
    /** `tilde build`, as after `composer install`. */
    public static function build(): void
    {
        self::run('build');
    }

    /** `tilde check`, as in CI. */
    public static function check(): void
    {
        self::run('check');
    }

    private static function run(string $command): void
    {
        $arguments = implode(' ', array_map('escapeshellarg', [Binary::path(), $command]));
        $process = proc_open('exec ' . $arguments, [STDIN, STDOUT, STDERR], $pipes);
        $status = is_resource($process) ? proc_close($process) : 2;
        if ($status !== 0) {
            throw new \RuntimeException("tilde $command ended with $status");
        }
    }
}
