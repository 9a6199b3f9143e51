<?php
new A->b = 1;
