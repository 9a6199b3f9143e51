<?php
unset(f());
