<?php
(function () { })();
