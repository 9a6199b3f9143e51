<?php
trait A { const B = 1; }
