<?php
function later() {}
