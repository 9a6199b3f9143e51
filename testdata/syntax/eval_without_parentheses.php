<?php
eval '1';
