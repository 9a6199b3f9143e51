<?php
interface A { private function b(); }
