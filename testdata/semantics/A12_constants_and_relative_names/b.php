<?php
namespace Road;
echo SPEED, ' ', \SPEED, ' ', namespace\SPEED, ' ', constant('SPEED'), ' ', constant('Road\SPEED');
