<?php
new 'A';
