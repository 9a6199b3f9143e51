<?php
f();