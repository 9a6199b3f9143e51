<?php
function later() {}
function last() {}
