<?php
echo  2; // end