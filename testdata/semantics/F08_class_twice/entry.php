<?php
LOAD;
echo Store::KIND;
