<?php
$this->a->b(); $$this;
