<?php
namespace App { use Lib\Edge; echo (new Edge)->length; }
