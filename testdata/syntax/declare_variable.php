<?php
declare(ticks=$a);
