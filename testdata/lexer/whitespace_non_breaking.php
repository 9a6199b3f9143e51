<?php
1 2　3