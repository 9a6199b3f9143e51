<?php
const A = __DIR__;
