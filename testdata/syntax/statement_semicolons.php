<?php
;;; ; echo 1;;
