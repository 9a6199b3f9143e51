<?php
f($a,);
