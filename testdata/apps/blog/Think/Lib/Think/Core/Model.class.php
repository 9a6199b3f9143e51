<?php
/**
 * A table of records that are files: Data/<table>/<name>.txt.
 *
 * A record has lines "Name: value", an empty line, and its body.
 */
abstract class Model
{
    /** @var string the folder below DATA_PATH */
    protected $table = '';

    private $records = null;

    /** @return array all records by their file names */
    public function select()
    {
        if ($this->records === null) {
            $this->records = array();
            foreach (glob(DATA_PATH . $this->table . '/*.txt') as $file) {
                $this->records[basename($file, '.txt')] = self::parse(file_get_contents($file));
            }
        }
        return $this->records;
    }

    /** @return array|null */
    public function find($name)
    {
        $records = $this->select();
        return isset($records[$name]) ? $records[$name] : null;
    }

    private static function parse($text)
    {
        $parts = explode("\n\n", str_replace("\r\n", "\n", $text), 2);
        $record = array('body' => isset($parts[1]) ? trim($parts[1]) : '');
        foreach (explode("\n", $parts[0]) as $line) {
            if (strpos($line, ':')) {
                list($name, $value) = explode(':', $line, 2);
                $record[strtolower($name)] = trim($value);
            }
        }
        return $record;
    }
}
