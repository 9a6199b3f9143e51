<?php
use function A\{function b};
