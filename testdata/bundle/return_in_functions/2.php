<?php
echo f();