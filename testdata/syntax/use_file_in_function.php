<?php
function f() {
    use
    "x.php";
}
