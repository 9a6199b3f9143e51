<?php declare(encoding=A);
