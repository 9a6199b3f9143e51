<?php
abstract class Behavior {

    abstract public function run(&$params);  // called by tag()

}
