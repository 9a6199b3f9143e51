<?php
ob_start(); LOAD; echo json_encode(ob_get_clean());
