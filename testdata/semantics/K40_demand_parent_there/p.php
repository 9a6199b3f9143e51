<?php class P { }
