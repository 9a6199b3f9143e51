<?php final readonly class A {} readonly class B {}
