<?php
function fail() { throw new LogicException('no'); }
