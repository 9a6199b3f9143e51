<?php
foreach (['Plain', 'Shared', 'Uses', 'Level', 'Kid', 'Text'] as $name) {
    echo $name, class_exists($name, false) || trait_exists($name, false) ? ' early' : ' late', "\n";
}
class Plain {}
trait Shared {}
class Uses { use Shared; }
enum Level: int { case Low = 1; }
class Kid extends Plain {}
class Text { public function __toString(): string { return 'text'; } }
