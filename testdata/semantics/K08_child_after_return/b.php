<?php
if (!defined('NOWHERE')) return;
class C extends P {}
