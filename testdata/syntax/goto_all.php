<?php
a: goto a; b:
