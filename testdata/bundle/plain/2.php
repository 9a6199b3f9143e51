<?php
echo f();
