<?php
function list() { }
