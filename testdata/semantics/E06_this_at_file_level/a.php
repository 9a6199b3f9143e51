<?php
echo isset($this) ? $this->title : 'nobody', ' ', self::class;
