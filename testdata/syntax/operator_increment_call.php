<?php
f()++;
