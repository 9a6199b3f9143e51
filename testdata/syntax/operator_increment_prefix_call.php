<?php
++f();
