<?php
echo;
