<?php new readonly class(1) {}; new #[A] readonly class {};
