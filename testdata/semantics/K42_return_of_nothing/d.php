<?php
echo "d";