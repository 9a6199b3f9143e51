<?php
(clone $a)->b(); (clone $a)->c = 1;
