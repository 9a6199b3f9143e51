<?php
yield//from; yield//ab
from