<?php
#[\A\B] #[namespace\C] #[D\E] function f() { }
