<?php
unset();
