<?php
enum A: int|string { }
