<?php function a(): int {} class B { function c(): static {} abstract function d(): ?self; }
