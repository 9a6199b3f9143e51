<?php
new ('A' . 'B')(1);
