<?php
function () { }();
