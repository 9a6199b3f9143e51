<?php
const A = f();
