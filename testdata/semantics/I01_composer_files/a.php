<?php
function slug() { return 'a-b'; }
