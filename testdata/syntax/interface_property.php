<?php
interface A { public $b; }
