<?php
echo 'template';
