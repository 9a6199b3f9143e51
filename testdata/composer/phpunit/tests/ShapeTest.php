<?php
use PHPUnit\Framework\TestCase;
interface Store { public function get(string $key): ?string; public function set(string $key, string $value): void; }
final class ShapeTest extends TestCase
{
    /** @dataProvider numbers */
    public function testAdds(int $a, int $b, int $sum): void { $this->assertSame($sum, $a + $b); }
    public static function numbers(): array { return ['one' => [1, 2, 3], 'two' => [2, 2, 5], [0, 0, 0]]; }
    public function testMock(): void {
        $store = $this->createMock(Store::class);
        $store->expects($this->once())->method('get')->with('a')->willReturn('b');
        $this->assertSame('b', $store->get('a'));
    }
    public function testStub(): void { $s = $this->createStub(Store::class); $s->method('get')->willReturnMap([['a', 'x'], ['b', null]]); $this->assertNull($s->get('b')); }
    public function testException(): void { $this->expectException(\DomainException::class); $this->expectExceptionMessage('no'); throw new \DomainException('no'); }
    public function testSkipped(): void { $this->markTestSkipped('later'); }
    public function testIncomplete(): void { $this->markTestIncomplete('soon'); }
    /** @depends testStub */
    public function testDepends(): void { $this->assertEquals(['a' => 1, 'b' => [1, 2]], ['a' => 1, 'b' => [1, 3]]); }
    public function testRisky(): void { }
    public function testOutput(): void { $this->expectOutputRegex('/^h/'); echo "hello"; }
    public function testWarning(): void { $this->assertStringContainsString('x', 'abc'); }
    public function testError(): void { strlen(); }
    /** @runInSeparateProcess */
    public function testApart(): void { $this->assertTrue(true); }
}
