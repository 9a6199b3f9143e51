<?php
const A = (int) '1';
