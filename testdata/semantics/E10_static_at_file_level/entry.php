<?php
function page() { LOAD; }
page();
page();
