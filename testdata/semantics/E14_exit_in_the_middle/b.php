<?php
echo ' not reached';
