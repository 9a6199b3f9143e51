<?php A::class; $a::class; a()::class;
