<?php
use function a, const B;
