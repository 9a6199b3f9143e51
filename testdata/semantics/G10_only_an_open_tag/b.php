<?php
echo 'next';
