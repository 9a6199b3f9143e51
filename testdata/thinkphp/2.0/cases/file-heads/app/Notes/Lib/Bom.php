<?php
function bom() {}
