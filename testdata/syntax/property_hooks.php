<?php
class A {
    public string $b {
        get => $this->b . 'x';
        set(string $value) { $this->b = $value; }
    }
    public $c = 1 { get { return 1; } }
    public $d { final &get => $x; #[A] set => $value; }
}
