<?php
exit 1;
