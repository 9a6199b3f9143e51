<?php
if ($a) { } else { } else { }
