<?php
new ($a);
