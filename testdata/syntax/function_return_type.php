<?php
function f(): int { } function g(): ?A { } function h(): array { } function i(): \A\B { }
