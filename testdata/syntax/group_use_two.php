<?php
use A\{B}, C\{D};
