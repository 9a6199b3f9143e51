<?php
#[A] enum E { #[B] case C; }
