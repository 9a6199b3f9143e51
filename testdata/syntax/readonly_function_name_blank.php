<?php
function readonly () { } readonly ();
