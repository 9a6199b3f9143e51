<?php
ini_set("precision", "5");
