<?php
f($a,,);
