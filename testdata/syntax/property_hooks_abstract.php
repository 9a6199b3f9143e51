<?php
interface A { public string $b { get; set; } }
