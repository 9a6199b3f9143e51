<?php
<<<A
a\