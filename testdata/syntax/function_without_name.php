<?php
function () { };
