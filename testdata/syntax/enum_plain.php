<?php
enum A { case B; case C; }
