<?php
echo 'one ', 'two ' ?>
