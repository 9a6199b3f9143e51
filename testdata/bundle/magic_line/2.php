<?php

echo f(), -__LINE__;return__LINE__;