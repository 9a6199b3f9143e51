<?php
const A = function () { };
