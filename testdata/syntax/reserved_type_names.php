<?php
class int { } class string { } class void { }
