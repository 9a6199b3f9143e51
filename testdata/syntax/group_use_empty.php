<?php
use A\{};
