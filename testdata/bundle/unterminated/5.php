<?php
echo `ls