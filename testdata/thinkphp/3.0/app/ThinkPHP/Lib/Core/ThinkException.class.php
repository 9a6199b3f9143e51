<?php
class ThinkException extends Exception {}
?>
