<?php class Q { }
