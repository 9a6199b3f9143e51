<?php
(void) f();
