<?php
interface A { function b() { } }
