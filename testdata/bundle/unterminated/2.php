<?php
echo 'b