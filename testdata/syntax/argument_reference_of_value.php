<?php
f(&1);
