<?php
echo '__FILE__', "__DIR__";