<?php
enum; enum(); class enum {} enum extends A; enum implements A; $a->enum; enum::A; enum {}; enum 1