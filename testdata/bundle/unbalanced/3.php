<?php
f(1];