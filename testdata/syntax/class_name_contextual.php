<?php
class enum { } class from { } class mixed { } class resource { }
