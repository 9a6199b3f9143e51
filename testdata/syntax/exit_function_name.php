<?php
function exit() { }
