<?php
if ($a) { } else: endif;
