<?php
enum A { case List; case Default; }
