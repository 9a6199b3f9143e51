<?php
foreach (array('Plain', 'Kid', 'Counted') as $name) {
    echo $name, class_exists($name, false) ? ' early' : ' late', "\n";
}
class Plain {}
class Kid extends Plain {}
class Counted extends Plain implements Countable {
    #[ReturnTypeWillChange]
    function count() { return 0; }
}
