<?php

// PHPUnit runs 100 tests of ours.

use PHPUnit\TextUI\Command;

$tests = '';
for ($i = 0; $i < 86; $i++) {
    $tests .= "function testNumber$i() { \$this->assertSame($i % 7, " . ($i % 7 + (int) ($i % 20 === 19)) . "); }\n";
}
file_put_contents('DemoTest.php', <<<'PHP'
<?php
use PHPUnit\Framework\TestCase;

interface Service { function run(int $x): string; }
abstract class Base { abstract function q(); function r() { return $this->q(); } }
class DemoTest extends TestCase
{
    public static function provider() { return ['one' => [1, 1], 'two' => [2, 3], [4, 4]]; }
    /** @dataProvider provider */ function testProvider($a, $b) { $this->assertSame($a, $b); }
    function testMock() { $m = $this->createMock(Service::class); $m->expects($this->once())->method('run')->with(5)->willReturn('z'); $this->assertSame('z', $m->run(5)); }
    function testMockFails() { $m = $this->createMock(Service::class); $m->expects($this->exactly(2))->method('run'); $m->run(1); }
    function testAbstract() { $m = $this->getMockForAbstractClass(Base::class); $m->method('q')->willReturn(7); $this->assertSame(7, $m->r()); }
    function testException() { $this->expectException(LogicException::class); $this->expectExceptionMessage('x'); throw new LogicException('x'); }
    function testError() { throw new RuntimeException('boom'); }
    function testSkipped() { $this->markTestSkipped('s'); }
    function testIncomplete() { $this->markTestIncomplete('i'); }
    function testWarning() { echo $undefined; }
    function testRisky() { }
    function testDiff() { $this->assertEquals(['a' => 1, 'b' => [1, 2]], ['a' => 1, 'b' => [2, 1]]); }
    /** @depends testException */ function testDepends() { $this->assertTrue(true); }
    function testJson() { $this->assertJsonStringEqualsJsonString('{"a":1}', '{"a":2}'); }

PHP . $tests . "}\n");
foreach ([['--testdox'], ['--debug'], ['--list-tests']] as $options) {
    ob_start();
    $status = (new Command())->run(['phpunit', '--no-configuration', '--do-not-cache-result', ...$options, 'DemoTest.php'], false);
    // Times, and the frames of PHPUnit itself.
    $output = preg_replace(['~Time: .*~', '~\d+(\.\d+)? ms~', '~^.*\.php:\d+\n~m'], '', ob_get_clean());
    echo $status, "\n", $output, "\n";
}
