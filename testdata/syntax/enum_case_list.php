<?php
enum A { case B, C; }
