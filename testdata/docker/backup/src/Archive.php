<?php
declare(strict_types=1);
namespace Acme\Backup;
use ZipArchive;
interface Flags
{
    const FLAGS = ZipArchive::CREATE | ZipArchive::OVERWRITE;
}
class Archive implements Flags
{
    private ?ZipArchive $zip = null;
    public function open(string $path): bool
    {
        $this->zip ??= new ZipArchive;
        return $this->zip->open($path, self::FLAGS) === true;
    }
}
