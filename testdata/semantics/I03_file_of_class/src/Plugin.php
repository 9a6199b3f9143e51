<?php
class Plugin { function folder() { return basename(dirname((new ReflectionClass($this))->getFileName())); } }
echo (new Plugin)->folder();
