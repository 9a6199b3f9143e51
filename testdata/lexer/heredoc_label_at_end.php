<?php
<<<A
a
A