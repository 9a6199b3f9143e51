<?php
echo 'works without the adapter';
