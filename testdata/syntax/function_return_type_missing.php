<?php
function f(): { }
