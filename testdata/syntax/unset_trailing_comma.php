<?php
unset($a,);
