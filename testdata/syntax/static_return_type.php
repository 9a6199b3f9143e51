<?php
class A { function b(): static { } function c(): ?static { } function d(): static|null { } }
