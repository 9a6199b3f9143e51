<?php
1; __halt_compiler(); <?php 2 $a "
