<?php
echo strlen($s); ?>
