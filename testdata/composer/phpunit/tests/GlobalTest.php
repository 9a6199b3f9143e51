<?php
use PHPUnit\Framework\TestCase;
/** @backupGlobals enabled */
class GlobalTest extends TestCase
{
    private static $count = 0;
    public static function setUpBeforeClass(): void { self::$count = 1; }
    protected function setUp(): void { self::$count++; }
    public function testFirst(): void { $GLOBALS['x'] = 1; $this->assertSame(2, self::$count); }
    public function testSecond(): void { $this->assertFalse(isset($GLOBALS['x'])); $this->assertJsonStringEqualsJsonString('{"a":1}', '{"a": 1}'); }
    public function testObject(): void { $this->assertEquals(new ArrayObject([1]), new ArrayObject([2])); }
    public function testConstraint(): void { $this->assertThat(5, $this->logicalAnd($this->greaterThan(3), $this->lessThan(4))); }
}
