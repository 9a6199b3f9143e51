<?php
echo 'three';
