<?php
namespace Acme;
function cached(callable $make): mixed
{
    if (!\function_exists('apcu_fetch') or !apcu_enabled()) {
        return $make();
    }
    return apcu_entry('key', $make);
}
class Compressor
{
    public function compress(string $text): string
    {
        if (false === extension_loaded('bz2')) {
            return $text;
        } else {
            return bzcompress($text);
        }
    }
    public function number(string $text): string
    {
        return defined('GMP_ROUND_ZERO') ? gmp_strval(gmp_init($text)) : $text;
    }
    public function clean(string $html): string
    {
        foreach ([$html] as $one) {
            if (!class_exists(\tidy::class)) {
                continue;
            }
            $html = tidy_repair_string($one) ?: $html;
        }
        return $html;
    }
}
$compressor = new Compressor;
echo cached(fn () => 'a') !== '', $compressor->compress('b') !== '', $compressor->number('1');
echo $compressor->clean('c') !== '', "\n";
