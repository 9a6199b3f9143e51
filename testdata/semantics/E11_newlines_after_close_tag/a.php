<?php
interface Marker {}
?>


